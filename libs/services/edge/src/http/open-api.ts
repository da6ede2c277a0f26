import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** Serves the API docs at /docs and the OpenAPI document at /openapi.json. */
export const serveOpenApi = (app: NestFastifyApplication): void => {
  const about = new DocumentBuilder()
    .setTitle('Keyledger')
    .setDescription('Issue, list and audit API credentials. Every refusal is application/problem+json (RFC 9457).')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, about), { jsonDocumentUrl: 'openapi.json' });
};
