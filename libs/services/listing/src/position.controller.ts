import type * as contract from '@keyledger/contract';
import {
  Answer,
  FromCall,
  LogGate,
  notFound,
  Operation,
  pathId,
  PositionReplySchema,
  Problem,
  readers,
  ReceiptSchema,
  type Call,
} from '@keyledger/edge';
import { isPositionOf, parsePosition, type Position } from '@keyledger/event-log';
import { FollowerPositions } from '@keyledger/read-models';
import { Controller } from '@nestjs/common';

/** `head` is a position of the log that is served here. */
const requireSameLog = (position: Position, head: Position): void => {
  if (!isPositionOf(parsePosition(head)?.logId ?? '', position)) {
    throw new Problem('position-of-another-log', 'The position comes from another log than the one served here.');
  }
  if (position.length !== head.length) throw notFound();
};

/** Where the log stands, and how far the verifiers are. */
@Controller()
export class PositionController {
  constructor(
    private readonly gate: LogGate,
    private readonly followers: FollowerPositions,
  ) {}

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

  @Operation({
    http: 'GET /v1/positions/:position',
    rpc: 'PositionService/GetReceipt',
    summary: 'Tell which verifiers know of what stands at a position, and since when',
    allow: readers,
    reply: ReceiptSchema,
    unversioned: true,
  })
  async receipt(@FromCall() call: Call): Promise<Answer<contract.Receipt>> {
    const position = pathId(call, 'position');
    const head = await this.gate.ready(call, null);
    requireSameLog(position, head);
    return new Answer({ position, verifiers: await this.followers.verifiersAt(position) }, head);
  }
}
