import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js';
import { dashboardBody } from '../dashboard.ts';
import type { PaymentsStack } from './payments-stack.ts';

/** The dashboard of an environment, which any stage is on as soon as it writes metrics. */
export class EnvironmentDashboard {
  /** @param purpose its construct id, and its name within the stack */
  constructor(stack: PaymentsStack, purpose: string) {
    new CloudwatchDashboard(stack, purpose, {
      dashboardName: stack.nameOf(purpose),
      dashboardBody: JSON.stringify(dashboardBody(stack.environment)),
    });
  }
}
