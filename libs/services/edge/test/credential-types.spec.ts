import { builtInTypes } from '@keyledger/domain';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { CredentialTypeSchema } from '../src/credentials/load-credential-types.js';

describe('a credential type', () => {
  it.each(builtInTypes.map((type) => [type.type, type] as const))('documents nothing that %s breaks', (_, type) => {
    expect(validateSync(plainToInstance(CredentialTypeSchema, type))).toEqual([]);
  });
});
