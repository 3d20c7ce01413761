import { canonicalJson } from '../canonical-json.ts';
import type { AuthorizationRow } from '../ports.ts';
import { type ReadingPorts, readAuthorizations } from '../read-authorizations.ts';
import { answer, type HttpRequest, type HttpResponse, refusal } from './http.ts';
import type { AuthorizationEvents, PostedAnswer, PostedRequests } from './ports.ts';

export const AUTHORIZATIONS_PATH = '/authorizations';
/** Two messages of 4,096 bytes in hex and what is around them stay far below. */
export const BODY_BYTES_MAX = 64 * 1024;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;
const JSON_TYPE = /^application\/json *(?:; *charset=utf-8 *)?$/i;

/** What the API needs from outside. */
export interface ApiPorts extends ReadingPorts {
  readonly requests: PostedRequests;
  readonly events: AuthorizationEvents;
}

/**
 * Takes one authorization over HTTP and puts it on the bus: `POST /authorizations` with the header
 * `Idempotency-Key`; the body is an ISO 8583 pair (`InputLine`) or JSON (`AuthorizationRequest`).
 *
 * The key is claimed for the content before the event is put on the bus, and the answer is kept after it. A crash in
 * between leaves a claim without an answer: the caller repeats the request, and the event that is put on the bus then
 * has the same id as the one that may be there.
 *
 * @throws what the vault, the requests and the events throw; the caller tries again with the same key
 */
export async function postAuthorization(request: HttpRequest, ports: ApiPorts): Promise<HttpResponse> {
  const refused = refusalOf(request);
  if (refused !== undefined) return refused;
  const text = textOf(request.body);
  const content = text === undefined ? undefined : parse(text);
  if (text === undefined || content === undefined)
    return refusal(400, 'NOT_JSON', 'the body is not JSON in UTF-8');

  const [row] = await readAuthorizations([text], ports);
  if (row === undefined) throw new Error('a line gave no row');
  if (row.outcome === 'UNREADABLE') return refusal(422, row.reason, row.explanation);

  const key = request.headers['idempotency-key'] ?? '';
  const posted = {
    keyHash: await ports.vault.fingerprintOf(`idempotency-key|${request.caller}|${key}`),
    contentHash: await ports.vault.fingerprintOf(`content|${canonicalJson(content.value)}`),
  };
  const claim = await ports.requests.claim(posted);
  if (claim.kind === 'other-content') {
    return refusal(
      409,
      'IDEMPOTENCY_KEY_REUSED',
      'this Idempotency-Key came with another authorization before',
    );
  }
  if (claim.kind === 'answered') return httpAnswer(claim.answer);
  if (row.outcome === 'APPROVED') await ports.events.publish(row.record);
  const taken = answerOf(row);
  await ports.requests.keepAnswer(posted, taken);
  return httpAnswer(taken);
}

/** What is wrong with a request before its body is looked at. */
function refusalOf({ method, path, headers, body }: HttpRequest): HttpResponse | undefined {
  if (path !== AUTHORIZATIONS_PATH)
    return refusal(404, 'NOT_FOUND', `there is ${AUTHORIZATIONS_PATH} and nothing else`);
  if (method !== 'POST')
    return refusal(405, 'METHOD_NOT_ALLOWED', 'authorizations are posted', { allow: 'POST' });
  if (!JSON_TYPE.test(headers['content-type'] ?? ''))
    return refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'the content-type must be application/json');
  if (body.length > BODY_BYTES_MAX)
    return refusal(413, 'TOO_LARGE', `the body may have ${BODY_BYTES_MAX} bytes`);
  const key = headers['idempotency-key'];
  if (key === undefined || key === '')
    return refusal(400, 'IDEMPOTENCY_KEY_MISSING', 'the header Idempotency-Key is missing');
  if (!IDEMPOTENCY_KEY.test(key))
    return refusal(
      400,
      'IDEMPOTENCY_KEY_INVALID',
      'the header Idempotency-Key is not 1 to 255 printable characters',
    );
  return undefined;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function answerOf(row: Exclude<AuthorizationRow, { outcome: 'UNREADABLE' }>): PostedAnswer {
  return {
    transactionId: row.transactionId,
    status: row.outcome === 'APPROVED' ? 'ACCEPTED' : 'DECLINED',
  };
}

/** 202: it is on its way to being posted. 200: it was declined, and nothing follows. */
function httpAnswer({ transactionId, status }: PostedAnswer): HttpResponse {
  return answer(status === 'ACCEPTED' ? 202 : 200, { transactionId, status });
}
