import { DomainError } from '@payments/domain';
import { type HttpResponse, refusal, requestOf } from './http.ts';
import { type ApiPorts, postAuthorization } from './post-authorization.ts';

/** After how many seconds a caller may try again when something behind the API failed. */
const RETRY_AFTER_SECONDS = '1';

/** Hears what became of a request, for logs and metrics. */
export interface ApiObserver {
  answered(statusCode: number): void;
  failed(error: unknown): void;
}

/**
 * Answers an event of the function's URL.
 *
 * @throws what is a defect of ours and no outage; Lambda answers 502 then and counts an error
 */
export async function serveApi(
  event: unknown,
  ports: ApiPorts,
  observer: ApiObserver,
): Promise<HttpResponse> {
  const response = await respond(event, ports, observer);
  observer.answered(response.statusCode);
  return response;
}

async function respond(event: unknown, ports: ApiPorts, observer: ApiObserver): Promise<HttpResponse> {
  const request = requestOf(event);
  if (request === undefined) return refusal(403, 'NOT_SIGNED', 'the request is not signed');
  try {
    return await postAuthorization(request, ports);
  } catch (error) {
    if (!isOutage(error)) throw error;
    observer.failed(error);
    return refusal(503, 'TRY_AGAIN', 'nothing is lost; send the same again with the same Idempotency-Key', {
      'retry-after': RETRY_AFTER_SECONDS,
    });
  }
}

/** True for what may go well the next time: what says so of itself, and whatever AWS answered. */
function isOutage(error: unknown): boolean {
  if (error instanceof DomainError) return error.retryable;
  return error instanceof Error && '$metadata' in error;
}
