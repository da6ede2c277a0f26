import { fileURLToPath } from 'node:url';
import { CONFIG, Limits, SecurityLog, type Config, type Slice } from '@keyledger/edge';
import { Logger, Module } from '@nestjs/common';
import { readBuiltConsole } from './files.js';
import { pageRoutes } from './page-routes.js';
import { sessionRoute } from './session-route.js';
import { sweepSignInLinks } from './sign-in-links.js';

@Module({})
class ConsoleHostModule {}

/** Serves the web console that was built into `folder`, and the session that its sign-in links are exchanged for. */
export const consoleHost = (folder: URL): Slice => ({
  module: () => ConsoleHostModule,
  pages: (find) => {
    const config = find<Config>(CONFIG);
    if (!config.console) return [];
    const built = readBuiltConsole(fileURLToPath(folder));
    if (built === null) {
      new Logger('console').warn(`The console was not built: nothing is in ${folder.pathname}. Run: npm run build`);
      return [];
    }
    if (!config.localIssuer) return pageRoutes(built, config);
    sweepSignInLinks(config.dataDir);
    const ports = { config, limits: find(Limits), securityLog: find(SecurityLog) };
    return [...pageRoutes(built, config), sessionRoute(ports)];
  },
});
