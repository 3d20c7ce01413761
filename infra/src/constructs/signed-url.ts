import { LambdaFunctionUrl } from '@cdktf/provider-aws/lib/lambda-function-url/index.js';
import { CallerPolicy } from './caller-policy.ts';
import { StageAlarm } from './stage-alarm.ts';
import type { StageFunction } from './stage-function.ts';
import type { StageStack } from './stage-stack.ts';

/**
 * An HTTPS endpoint of a function that takes signed requests only (AWS Signature Version 4), and a policy for those
 * who may send them. The function's reserved concurrency is what bounds them.
 */
export class SignedUrl {
  /** @param purpose its construct id; the policy for its callers is named `<purpose>-callers` */
  constructor(stack: StageStack, purpose: string, target: StageFunction) {
    new LambdaFunctionUrl(stack, purpose, {
      functionName: target.name,
      authorizationType: 'AWS_IAM',
      invokeMode: 'BUFFERED',
      // The name of a function says nothing of its being there.
      dependsOn: [target.resource],
    });
    // Both are needed since October 2025 (Lambda developer guide, "Control access to Lambda function URLs").
    new CallerPolicy(stack, `${purpose}-callers`, {
      description: `May send requests to the URL of ${target.name}`,
      statements: [
        {
          sid: 'CallUrl',
          actions: ['lambda:InvokeFunctionUrl'],
          resources: [target.arn],
          conditions: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
        },
        {
          sid: 'InvokeThroughUrlOnly',
          actions: ['lambda:InvokeFunction'],
          resources: [target.arn],
          conditions: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
        },
      ],
    });
    new StageAlarm(stack, `${purpose}-failures`, {
      says: `The URL of ${target.name} answers that something failed.`,
      runbook: 'function-errors',
      namespace: 'AWS/Lambda',
      metric: 'Url5xxCount',
      dimensions: { FunctionName: target.name },
      statistic: 'Sum',
      above: 0,
    });
  }
}
