import type * as contract from '@keyledger/contract';
import { AccountSchema, ApplicationSchema, CredentialSchema, CredentialTypeSchema } from '@keyledger/edge';
import { ApiProperty } from '@nestjs/swagger';

export class CredentialTypesSchema implements contract.CredentialTypes {
  @ApiProperty({ type: [CredentialTypeSchema] }) items!: CredentialTypeSchema[];
}

const nextCursor = { type: String, nullable: true, description: 'For the next page; null on the last one.' } as const;

export class AccountPageSchema implements contract.Page<contract.Account> {
  @ApiProperty({ type: [AccountSchema] }) items!: AccountSchema[];
  @ApiProperty(nextCursor) nextCursor!: string | null;
}

export class ApplicationPageSchema implements contract.Page<contract.Application> {
  @ApiProperty({ type: [ApplicationSchema] }) items!: ApplicationSchema[];
  @ApiProperty(nextCursor) nextCursor!: string | null;
}

export class CredentialPageSchema implements contract.Page<contract.Credential> {
  @ApiProperty({ type: [CredentialSchema] }) items!: CredentialSchema[];
  @ApiProperty(nextCursor) nextCursor!: string | null;
}
