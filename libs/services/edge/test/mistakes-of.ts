import { ConfigError, parseConfig } from '../src/settings/config.js';
import type { Need } from '../src/settings/setting.js';

/** What is wrong with the settings, a line each; none where they are right. */
export const mistakesOf = (env: NodeJS.ProcessEnv, needs: readonly Need[] = []): readonly string[] => {
  try {
    parseConfig(env, needs);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
};
