import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ResourceType } from '../../core/resource.ts';
import type { LocalService, ServiceContext } from '../../core/seams.ts';
import { Authorizer, type IamNeighbours } from './authorizer.ts';
import { DecisionCounts } from './decision-counts.ts';
import { iamResources } from './iam-resources.ts';
import { policyDocumentSource } from './policy-document-source.ts';
import { RoleDirectory } from './role-directory.ts';

/** What IAM is made from. */
type IamContext = Pick<ServiceContext, 'account' | 'store'>;

/** IAM: roles and policies from Terraform, and the decision on every call. Its API is not run. */
export class IamService implements LocalService {
  readonly name = 'iam';
  readonly resourceTypes: readonly ResourceType[];
  readonly dataSources = [policyDocumentSource];
  readonly roles: RoleDirectory;
  readonly authorizer: Authorizer;

  constructor(context: IamContext, neighbours: IamNeighbours) {
    this.roles = new RoleDirectory(context.store);
    const counts = new DecisionCounts(context.store);
    this.authorizer = new Authorizer(context.account, this.roles, counts, neighbours);
    this.resourceTypes = iamResources(context.account, this.roles);
  }

  call(operation: string): JsonObject {
    throw new AwsError('UnknownOperationException', `iam:${operation} is not run by the local cloud.`);
  }

  resume(): void {}

  outstanding(): number {
    return 0;
  }
}
