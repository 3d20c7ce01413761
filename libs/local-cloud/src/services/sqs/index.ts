export { SqsService } from './sqs-service.ts';
