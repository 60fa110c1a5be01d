/** What comes of the work, or `late` after so many milliseconds; the work then goes on, and nobody hears how it ends. */
export async function within<Value, Late>(work: Promise<Value>, ms: number, late: Late): Promise<Value | Late> {
  let timer: NodeJS.Timeout | undefined;
  const outOfTime = new Promise<Late>((resolve) => {
    timer = setTimeout(resolve, ms, late);
  });
  try {
    return await Promise.race([work, outOfTime]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
