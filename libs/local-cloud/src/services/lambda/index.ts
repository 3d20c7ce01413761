export type { FunctionConfiguration, FunctionHost, FunctionLog, Invocation } from './function-host.ts';
export type { UrlCaller } from './function-url-event.ts';
export type { FunctionUrls } from './function-urls.ts';
export { InProcessHost } from './in-process-host.ts';
export { type Authorize, type LambdaNeighbours, LambdaService } from './lambda-service.ts';
export { WorkerHost } from './worker-host.ts';
