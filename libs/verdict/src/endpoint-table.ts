/** Of an endpoint that is called by every method. */
const ANY_METHOD = 'ANY';

/** An active endpoint of the catalogue. `path` may have variable parts, as in `/orders/{id}`. */
export interface EndpointPattern {
  readonly endpointId: string;
  readonly method: string;
  readonly path: string;
}

/** A segment that is partly variable: the texts around its variables, of which none may be empty. */
type Mixed = readonly string[];

interface Node {
  readonly literals: Map<string, Node>;
  readonly mixed: { readonly parts: Mixed; readonly node: Node }[];
  variable: Node | undefined;
  /** Endpoint ids by method, of the paths that end here. */
  readonly ids: Map<string, string>;
}

const newNode = (): Node => ({ literals: new Map(), mixed: [], variable: undefined, ids: new Map() });

/**
 * What gateways and servers read in different ways: backslashes, white space, control characters, also encoded; `#`,
 * at which some end the path, and others do not; a `;` that is encoded twice, which could not be told from one that is
 * encoded once.
 */
const AMBIGUOUS = /[#\\\s\u0000-\u001f\u007f]|%(?:[01][0-9a-f]|7f|2f|5c|253b|(?![0-9a-f]{2}))/i;
/** `.` and `..`, also before a `;`, at which some servers cut a segment. */
const DOTS = /^\.{1,2}(?:;|%3B|$)/;

/** Decoded, but for `;`: one that is encoded is another character than a plain one, which may separate parameters. */
const decoded = (path: string): string | undefined => {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path.replace(/%3b/gi, '%253B'));
  } catch {
    return undefined;
  }
};

/**
 * The segments of a path, percent-decoded (RFC 3986, 3.3); undefined for one that two readers could read differently:
 * with dot segments, empty ones before the last, encoded slashes, or what is not UTF-8.
 */
const segmentsOf = (path: string): readonly string[] | undefined => {
  if (!path.startsWith('/') || AMBIGUOUS.test(path)) return undefined;
  const segments = decoded(path)?.slice(1).split('/');
  if (segments === undefined) return undefined;
  const unsound = (segment: string, index: number): boolean =>
    DOTS.test(segment) || (segment === '' && index < segments.length - 1);
  return segments.some(unsound) ? undefined : segments;
};

const VARIABLE = /\{[^{}/]+\}/;

const matchesMixed = (segment: string, parts: Mixed): boolean => {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (!segment.startsWith(first)) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = segment.indexOf(part, from + 1);
    if (at < 0) return false;
    from = at + part.length;
  }
  return segment.endsWith(last) && segment.length - last.length > from;
};

const childFor = (node: Node, segment: string): Node => {
  const parts = segment.split(VARIABLE);
  if (parts.length === 1) {
    const child = node.literals.get(segment) ?? newNode();
    node.literals.set(segment, child);
    return child;
  }
  if (parts.every((part) => part === '') && parts.length === 2) return (node.variable ??= newNode());
  const known = node.mixed.find(({ parts: other }) => other.join('{}') === parts.join('{}'));
  if (known !== undefined) return known.node;
  const child = newNode();
  node.mixed.push({ parts, node: child });
  return child;
};

/** Where a segment may lead, the most exact one first. */
function* candidates({ literals, mixed, variable }: Node, segment: string): Generator<Node> {
  const literal = literals.get(segment);
  if (literal !== undefined) yield literal;
  if (segment === '') return;
  for (const { parts, node } of mixed) if (matchesMixed(segment, parts)) yield node;
  if (variable !== undefined) yield variable;
}

/** Some servers cut a segment here, and some gateways decode what was encoded. */
const PARAMETERS = /(?:;|%3B).*$/s;

/** Finds the endpoint that a request calls, by its method and path, among the active ones of the catalogue. */
export class EndpointTable {
  private readonly root = newNode();
  private readonly active = new Set<string>();
  /** Segments with a `;` that the catalogue itself has: they mean what they say. */
  private readonly written = new Set<string>();

  constructor(endpoints: Iterable<EndpointPattern>) {
    for (const { endpointId, method, path } of endpoints) {
      this.active.add(endpointId);
      let node = this.root;
      for (const segment of segmentsOf(path) ?? []) {
        node = childFor(node, segment);
        if (PARAMETERS.test(segment)) this.written.add(segment);
      }
      if (node !== this.root) node.ids.set(method, endpointId);
    }
  }

  isActive(endpointId: string): boolean {
    return this.active.has(endpointId);
  }

  /**
   * The id of the endpoint that a request calls; undefined for none. `path` as in the request line, with or without a
   * query. A literal segment goes before one with a variable part, and that before a variable. A segment with
   * parameters, as in `/orders/7;v=1`, must lead to the same endpoint without them: whoever answers may cut them off.
   */
  find(method: string, path: string): string | undefined {
    const query = path.indexOf('?');
    const segments = segmentsOf(query < 0 ? path : path.slice(0, query));
    if (segments === undefined) return undefined;
    const id = this.walk(this.root, segments, 0, method);
    if (id === undefined || !segments.some((segment) => PARAMETERS.test(segment))) return id;
    const cut = segments.map((segment) => (this.written.has(segment) ? segment : segment.replace(PARAMETERS, '')));
    return this.walk(this.root, cut, 0, method) === id ? id : undefined;
  }

  private walk(node: Node, segments: readonly string[], at: number, method: string): string | undefined {
    const segment = segments[at];
    if (segment === undefined) return node.ids.get(method) ?? node.ids.get(ANY_METHOD);
    for (const child of candidates(node, segment)) {
      const id = this.walk(child, segments, at + 1, method);
      if (id !== undefined) return id;
    }
    return undefined;
  }
}
