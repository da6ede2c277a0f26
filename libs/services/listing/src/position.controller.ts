import type * as contract from '@keyledger/contract';
import { FromCall, Operation, PositionReplySchema, Answer, type Call } from '@keyledger/edge';
import { Controller } from '@nestjs/common';
import { LogHead } from './log-head.js';

@Controller()
export class PositionController {
  constructor(private readonly head: LogHead) {}

  @Operation({
    http: 'GET /v1/position',
    rpc: 'PositionService/GetPosition',
    summary: 'Tell where the last event of the log stands',
    allow: 'anyone',
    reply: PositionReplySchema,
  })
  async get(@FromCall() call: Call): Promise<Answer<contract.PositionReply>> {
    const position = await this.head.read(call);
    return new Answer({ position }, position);
  }
}
