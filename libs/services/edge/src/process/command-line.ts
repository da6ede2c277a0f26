import { ConfigError, settings } from '../settings/config.js';

const settingLines = (): readonly string[] =>
  settings.map(({ name, default: byDefault, description }) => {
    const title = byDefault === '' ? name : `${name} (${byDefault})`;
    return `  ${title}\n      ${description.replaceAll('`', '')}`;
  });

/** What to print instead of starting the service, if its arguments ask for help. Throws a ConfigError for others. */
export const helpFor = (service: string, args: readonly string[]): string | undefined => {
  const stranger = args.find((arg) => arg !== '--help' && arg !== '-h');
  if (stranger !== undefined) {
    throw new ConfigError([`${stranger} is no argument: settings come from the environment, and --help lists them`]);
  }
  const head = `Starts the ${service} of Keyledger. It takes no arguments, only settings from the environment:`;
  return args.length === 0 ? undefined : [head, ...settingLines()].join('\n');
};
