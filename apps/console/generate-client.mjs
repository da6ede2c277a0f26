// Makes what the console knows of the API from its OpenAPI document: the types, who may use each operation, and what
// the audit trail can be asked for.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const here = (path) => new URL(path, import.meta.url);
const document = JSON.parse(readFileSync(here('../../libs/contract/openapi.json'), 'utf8'));

const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
const roles = Object.fromEntries(operations.map((operation) => [operation.operationId, operation['x-roles']]));

mkdirSync(here('src/api/generated'), { recursive: true });
writeFileSync(here('src/api/generated/schema.d.ts'), astToString(await openapiTS(document)));
writeFileSync(here('src/api/generated/operation-roles.json'), `${JSON.stringify(roles, null, 2)}\n`);

const actions = document.components.schemas.AuditItem.properties.action.enum;
writeFileSync(here('src/api/generated/audit-actions.json'), `${JSON.stringify(actions, null, 2)}\n`);
