// One root configuration: swc strips the types and turns modules into CommonJS, which is the fastest mode that works
// with TypeScript 7 (docs/adr/0004-toolchain.md).
const swc = {
  sourceMaps: 'inline',
  jsc: { target: 'es2024', parser: { syntax: 'typescript' } },
  module: { type: 'commonjs' },
};

export default {
  testMatch: ['<rootDir>/{packages,services}/*/{src,tests}/**/*.test.ts', '<rootDir>/tests/**/*.test.ts'],
  transform: { '^.+\\.m?ts$': ['@swc/jest', swc] },
  extensionsToTreatAsEsm: [],
  modulePathIgnorePatterns: ['<rootDir>/.local/'],
  // One MongoDB and one Redis for the run, started when the first test asks (packages/local-stack/src/testing).
  globalSetup: '<rootDir>/tests/setup/global-setup.ts',
  globalTeardown: '<rootDir>/tests/setup/global-teardown.ts',
  setupFilesAfterEnv: ['<rootDir>/tests/setup/second-try.ts'],
  // What hangs is told by the waits inside a test; five seconds are little on a busy machine with the slower embedded server.
  testTimeout: 60_000,
  coverageProvider: 'babel',
  // A socket that some server of a test keeps for a moment must not keep a finished run from ending.
  forceExit: true,
};
