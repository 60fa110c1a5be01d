import type { SettingsRule } from './setting.ts';

/**
 * `NODE_TLS_REJECT_UNAUTHORIZED=0` switches certificate checks off for the whole process; nobody who sends payment
 * data may run with that. Applies to every service that knows its ENVIRONMENT.
 */
export const refuseDisabledTls: SettingsRule = (values, env) => {
  if (values.ENVIRONMENT !== 'production' || env.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return [];
  return [
    {
      name: 'NODE_TLS_REJECT_UNAUTHORIZED',
      problem: 'is 0, which switches certificate checks off',
      expected: 'not set in production',
    },
  ];
};
