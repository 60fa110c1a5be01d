/** After all tests: stops the stores and removes their data. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.testStoresLender?.close();
}
