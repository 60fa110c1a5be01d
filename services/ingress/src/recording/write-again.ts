/**
 * Writes again, once, when a write fails: whether it was carried out is unknown then, and the same records make the second
 * write harmless. Rejects with the second fault.
 */
export async function writeAgain<Result>(
  write: () => Promise<Result>,
  onFault: (fault: unknown) => void,
): Promise<Result> {
  try {
    return await write();
  } catch (fault) {
    onFault(fault);
    return write();
  }
}
