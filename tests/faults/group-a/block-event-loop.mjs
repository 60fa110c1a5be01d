// Loaded before the service (`NODE_OPTIONS=--import`): SIGUSR2 stops its event loop for BLOCK_MS, as a bug would.
process.on('SIGUSR2', () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(process.env.BLOCK_MS));
});
