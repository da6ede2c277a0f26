import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** From a cached read to a write that waits for a slow disk. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** A request that has been answered. */
export interface FinishedRequest {
  readonly door: 'http' | 'grpc';
  /** Method and path template, or the path of the RPC: of a bounded number, so that it can be a label. */
  readonly operation: string;
  /** HTTP status code, or the name of the gRPC one. */
  readonly status: string;
  readonly durationMs: number;
}

/** Figures for Prometheus. The registry is the application's own, because tests open several in one process. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly requests = new Counter({
    name: 'keyledger_requests_total',
    help: 'Requests answered.',
    labelNames: ['door', 'operation', 'status'],
    registers: [this.registry],
  });
  private readonly seconds = new Histogram({
    name: 'keyledger_request_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['door', 'operation'],
    buckets: SECONDS,
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  count({ door, operation, status, durationMs }: FinishedRequest): void {
    this.requests.inc({ door, operation, status });
    this.seconds.observe({ door, operation }, durationMs / 1000);
  }
}
