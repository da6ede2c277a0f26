import type * as contract from '@keyledger/contract';
import { Answer, FromCall, LogGate, Operation, PositionReplySchema, type Call } from '@keyledger/edge';
import { Controller } from '@nestjs/common';

@Controller()
export class PositionController {
  constructor(private readonly gate: LogGate) {}

  @Operation({
    http: 'GET /v1/position',
    rpc: 'PositionService/GetPosition',
    summary: 'Tell where the last event of the log stands',
    allow: 'anyone',
    reply: PositionReplySchema,
    unversioned: true,
  })
  async get(@FromCall() call: Call): Promise<Answer<contract.PositionReply>> {
    const position = await this.gate.ready(call, null);
    return new Answer({ position }, position);
  }
}
