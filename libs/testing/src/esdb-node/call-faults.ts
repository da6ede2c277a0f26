import { setTimeout as after } from 'node:timers/promises';
import type { ServerError } from './errors.js';

export type CallKind = 'append' | 'batchAppend' | 'read' | 'subscribe' | 'features' | 'gossip';

/** What happens to a call instead of, or beside, its normal course. */
export interface CallFault {
  /** `silence`: it is never answered. `reset`: its connection is reset. An error: it is answered with that. */
  readonly answer?: 'silence' | 'reset' | ServerError;
  /** Whether an append is written although its answer is another one. */
  readonly written?: boolean;
  /** The answer comes so much later, or the connection is reset so much later. */
  readonly delayMs?: number;
}

/** The faults that are in store for coming calls, and how many calls of each kind there were. */
export class CallFaults {
  readonly calls: Record<CallKind, number> = {
    append: 0,
    batchAppend: 0,
    read: 0,
    subscribe: 0,
    features: 0,
    gossip: 0,
  };
  readonly #planned = new Map<CallKind, CallFault[]>();
  readonly #lasting = new Map<CallKind, CallFault>();

  plan(kind: CallKind, fault: CallFault, times: number): void {
    if (times === Infinity) this.#lasting.set(kind, fault);
    else this.#planned.set(kind, [...(this.#planned.get(kind) ?? []), ...Array<CallFault>(times).fill(fault)]);
  }

  clear(): void {
    this.#planned.clear();
    this.#lasting.clear();
  }

  /** Counts the call. */
  next(kind: CallKind): CallFault {
    this.calls[kind] += 1;
    return this.#planned.get(kind)?.shift() ?? this.#lasting.get(kind) ?? {};
  }
}

interface Answering<Answer> {
  readonly fault: CallFault;
  readonly act: () => Answer;
  readonly answer: (answer: Answer) => void;
  readonly fail: (error: ServerError) => void;
  readonly reset: () => void;
}

/** Carries a call out as its fault says. What `act` throws is answered as it is. */
export async function answerWith<Answer>(answering: Answering<Answer>): Promise<void> {
  const { fault, fail, reset } = answering;
  const settle = fault.answer === undefined || fault.written ? outcomeOf(answering) : null;
  if (fault.delayMs !== undefined) await after(fault.delayMs);
  if (fault.answer === undefined) settle?.();
  else if (fault.answer === 'reset') reset();
  else if (fault.answer !== 'silence') fail(fault.answer);
}

function outcomeOf<Answer>({ act, answer, fail }: Answering<Answer>): () => void {
  try {
    const result = act();
    return () => answer(result);
  } catch (error) {
    return () => fail(error as ServerError);
  }
}
