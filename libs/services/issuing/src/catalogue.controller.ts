import { setTimeout as delay } from 'node:timers/promises';
import type * as contract from '@keyledger/contract';
import { emptyCatalogue } from '@keyledger/domain';
import {
  ApiEndpointsReplySchema,
  FromCall,
  Input,
  Operation,
  operators,
  Answer,
  CONFIG,
  readCatalogue,
  type Call,
  type Config,
  NestedList,
  OneOf,
  Text,
  Whole,
} from '@keyledger/edge';
import { Controller, Inject } from '@nestjs/common';
import pg from 'pg';
import { Catalogue } from './catalogue.js';
import { pathPattern } from './patterns.js';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'ANY'] as const;

class ApiEndpointInput {
  @Text({
    max: 64,
    pattern: /^[0-9A-Za-z_.:-]+$/,
    form: 'letters, digits, and any of _ . : -',
    example: 'invoices.list',
  })
  endpointId!: string;
  @OneOf(methods) method!: (typeof methods)[number];
  @Text({
    max: 200,
    shownPattern: pathPattern,
    description:
      'Kept percent-encoded where it must be and nowhere else. Without a query, backslashes, and segments that are ' +
      'empty or dots, or would be for some server. No two active ones have the same method and path.',
    example: '/invoices/{id}',
  })
  path!: string;
  @OneOf(['active', 'retired'], { optional: true, description: 'A retired one counts as not listed.' })
  status?: 'active' | 'retired';
}

class ReplaceApiEndpointsInput {
  @NestedList(ApiEndpointInput, { maxItems: 2000 }) endpoints!: ApiEndpointInput[];
  @Whole({
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
    nullable: true,
    description: 'As it was answered: what the catalogue must still have, as with `If-Match`. Null: no revision yet.',
  })
  revision?: number | null;
}

/** What GET answered can be given back, and then does not undo what another has written since. */
const conditionOf = ({ ifMatch }: Call, { revision }: ReplaceApiEndpointsInput): Call['ifMatch'] => {
  if (revision === undefined) return ifMatch;
  const present = revision ?? emptyCatalogue.revision;
  return (ifMatch ?? [present]).filter((each) => each === present);
};

/** As long as a read waits for a position that it demands. */
const SHOWN_WITHIN_MS = 2_000;
const ASK_EVERY_MS = 10;

/** The API endpoints of the installation that applications may be connected to. */
@Controller()
export class CatalogueController {
  constructor(
    private readonly catalogue: Catalogue,
    @Inject(pg.Pool) private readonly pool: pg.Pool,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Operation({
    http: 'PUT /v1/api-endpoints',
    rpc: 'CatalogueService/ReplaceApiEndpoints',
    summary: 'Replace the endpoint catalogue; one left out is retired',
    allow: operators,
    input: ReplaceApiEndpointsInput,
    reply: ApiEndpointsReplySchema,
    example: { endpoints: [{ endpointId: 'invoices.list', method: 'GET', path: '/invoices' }] },
  })
  async replace(
    @FromCall() call: Call,
    @Input() input: ReplaceApiEndpointsInput,
  ): Promise<Answer<contract.ApiEndpointsReply>> {
    const asked = input.endpoints.map(({ endpointId, method, path, status }) => ({
      endpointId,
      method,
      path,
      status: status ?? ('active' as const),
    }));
    const {
      endpoints: all,
      position,
      revision,
    } = await this.catalogue.replace({ ...call, ifMatch: conditionOf(call, input) }, asked);
    const shown = (await this.shownAt(revision)) ?? all;
    // A catalogue that was never written has no revision to name.
    return new Answer({ endpoints: shown, position }, position, revision < 0 ? undefined : revision);
  }

  /** As the next read shows it. Where the lists cannot say that in time, nothing: the write itself is done. */
  private async shownAt(revision: number): Promise<contract.ApiEndpointCatalogue['endpoints'] | undefined> {
    const deadline = performance.now() + SHOWN_WITHIN_MS;
    do {
      const view = await readCatalogue(this.pool, this.config).catch(() => undefined);
      if (view !== undefined && (view.revision ?? -1) >= revision) return view.endpoints;
      await delay(ASK_EVERY_MS);
    } while (performance.now() < deadline);
    return undefined;
  }
}
