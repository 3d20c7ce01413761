import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../core/aws-error.ts';
import { StatesService } from './states-service.ts';
import { functionsOf, ROLE_ARN, testContext } from './testing/test-context.ts';
import { VirtualTime } from './testing/virtual-time.ts';

const ARN = 'arn:aws:states:us-east-1:111111111111:stateMachine:rules';
const ARGUMENTS: JsonObject = {
  name: 'rules',
  type: 'EXPRESS',
  role_arn: ROLE_ARN,
  definition: '{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}',
  logging_configuration: [{ level: 'ALL', include_execution_data: false, log_destination: 'arn:logs:*' }],
};

function setUp() {
  const service = new StatesService(
    testContext({ runtime: new VirtualTime(0) }),
    functionsOf(() => undefined),
  );
  const [resource] = service.resourceTypes;
  if (resource === undefined) throw new Error('there is no resource type');
  const describeMachine = async () =>
    service.call('DescribeStateMachine', { stateMachineArn: ARN }, { kind: 'owner' });
  return { resource, describeMachine };
}

describe('aws_sfn_state_machine', () => {
  it('is made, changed and removed', async () => {
    const { resource, describeMachine } = setUp();
    const attributes = await resource.create(ARGUMENTS);
    expect(attributes).toMatchObject({ arn: ARN, id: ARN, name: 'rules' });
    expect(await describeMachine()).toMatchObject({
      type: 'EXPRESS',
      loggingConfiguration: { level: 'ALL' },
    });
    const definition = String(ARGUMENTS['definition']).replaceAll('"P"', '"Q"');
    await resource.update({ ...ARGUMENTS, definition }, { arguments: ARGUMENTS, attributes });
    expect(await describeMachine()).toMatchObject({ definition });
    await resource.destroy({ arguments: ARGUMENTS, attributes });
    await expect(describeMachine()).rejects.toMatchObject({ code: 'StateMachineDoesNotExist' });
  });

  it('is made anew for another type', async () => {
    const { resource, describeMachine } = setUp();
    const attributes = await resource.create(ARGUMENTS);
    await resource.update({ ...ARGUMENTS, type: 'STANDARD' }, { arguments: ARGUMENTS, attributes });
    expect(await describeMachine()).toMatchObject({ type: 'STANDARD' });
  });

  it('is refused with a definition that is not run here', () => {
    const { resource } = setUp();
    const definition = '{"StartAt":"P","States":{"P":{"Type":"Magic"}}}';
    expect(() => resource.create({ ...ARGUMENTS, definition })).toThrow(/'Magic' is not run.*\/States\/P/);
  });
});
