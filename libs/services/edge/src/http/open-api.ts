import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

const DOCS = /^\/(docs\b|openapi\.json$)/;

/** Serves the API docs at /docs and the OpenAPI document at /openapi.json. */
export const serveOpenApi = (app: NestFastifyApplication): void => {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    if (DOCS.test(route.url)) route.config = { ...route.config, access: { open: 'it says nothing of any account' } };
  });
  const about = new DocumentBuilder()
    .setTitle('Keyledger')
    .setDescription('Issue, list and audit API credentials. Every refusal is application/problem+json (RFC 9457).')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, about), { jsonDocumentUrl: 'openapi.json' });
};
