// Hundreds of tests here kill, freeze and fill real servers, on machines that do other work too. Where TEST_RETRIES says so, one
// that failed is tried again once its file is through; the first failure is printed, and two in a row fail the run.
jest.retryTimes(Number(process.env.TEST_RETRIES ?? 0), { logErrorsBeforeRetry: true });
