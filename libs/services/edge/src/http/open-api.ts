import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** The routes of SwaggerModule, by name: a pattern would open what a slice serves at a path that is like them. */
const OPEN: ReadonlySet<string> = new Set([
  ...['/docs', '/docs/', '/docs/*', '/docs/index.html', '/docs/LICENSE', '/docs/swagger-ui-init.js'],
  ...['/docs/docs/swagger-ui-init.js', '/docs-yaml', '/openapi.json'],
]);

/** Serves the API docs at /docs and the OpenAPI document at /openapi.json. */
export const serveOpenApi = (app: NestFastifyApplication): void => {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    if (OPEN.has(route.url)) route.config = { ...route.config, access: { open: 'it says nothing of any account' } };
  });
  const about = new DocumentBuilder()
    .setTitle('Keyledger')
    .setDescription('Issue, list and audit API credentials. Every refusal is application/problem+json (RFC 9457).')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, about), { jsonDocumentUrl: 'openapi.json' });
};
