import { afterAll, describe, expect, it } from '@jest/globals';
import { AwsError } from '../../core/aws-error.ts';
import { StatesService } from './states-service.ts';
import { recordedCases } from './testing/recorded-case.ts';
import { machineOf, replay } from './testing/replay-case.ts';
import { functionsOf, testContext } from './testing/test-context.ts';
import { VirtualTime } from './testing/virtual-time.ts';

/** Cases that AWS answered otherwise, each with the reason; one that no longer differs must be taken out. */
const KNOWN_TO_DIFFER: Readonly<Record<string, string>> = {
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_lambda_invoke_with_retry_extended_input#get_execution_history':
    'recorded before the context object had Execution.RedriveCount, which newer recordings have',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_lambda_service_invoke_with_retry_extended_input#get_execution_history':
    'recorded before the context object had Execution.RedriveCount, which newer recordings have',
};

/** Cases whose definitions use JSONata, which is refused; by the part of their names after the folder. */
const OUT_OF_SCOPE: ReadonlySet<string> = new Set([
  'sfn/assign/test_assign_base.py::TestAssignBase::test_assign_in_choice[CONDITION_TRUE]#get_execution_history',
  'sfn/assign/test_assign_base.py::TestAssignBase::test_assign_in_choice[CONDITION_FALSE]#get_execution_history',
  'sfn/assign/test_assign_reference_variables.py::TestAssignReferenceVariables::test_undefined_reference[BASE_UNDEFINED_OUTPUT_MULTIPLE_STATES]#get_execution_history',
  'sfn/assign/test_assign_reference_variables.py::TestAssignReferenceVariables::test_undefined_reference[BASE_UNDEFINED_ASSIGN]#get_execution_history',
  'sfn/evaluate_jsonata/test_base_evaluate_expressions.py::TestBaseEvaluateJsonata::test_base_map[ITEMS_DOUBLE_QUOTES]#get_execution_history',
  'sfn/evaluate_jsonata/test_base_evaluate_expressions.py::TestBaseEvaluateJsonata::test_base_map[MAX_CONCURRENCY]#get_execution_history',
  'sfn/evaluate_jsonata/test_base_evaluate_expressions.py::TestBaseEvaluateJsonata::test_base_map[TOLERATED_FAILURE_COUNT]#get_execution_history',
  'sfn/evaluate_jsonata/test_base_evaluate_expressions.py::TestBaseEvaluateJsonata::test_base_jsonata_regular_expressions[BASE]#get_execution_history',
  'sfn/evaluate_jsonata/test_base_evaluate_expressions.py::TestBaseEvaluateJsonata::test_base_jsonata_regular_expressions[BASE_SINGLE_QUOTE]#get_execution_history',
  'sfn/evaluate_jsonata/test_base_evaluate_expressions.py::TestBaseEvaluateJsonata::test_base_jsonata_regular_expressions[BASE_SINGLE_QUOTE_FALSE]#get_execution_history',
  'sfn/evaluate_jsonata/test_base_evaluate_expressions.py::TestBaseEvaluateJsonata::test_base_map_from_input[ITEMS]#get_execution_history',
  'sfn/evaluate_jsonata/test_base_evaluate_expressions.py::TestBaseEvaluateJsonata::test_base_map_from_input[TOLERATED_FAILURE_PERCENTAGE]#get_execution_history',
  'sfn/intrinsic_functions/test_array_jsonata.py::TestArrayJSONata::test_array_partition#exec_hist_resp_2',
  'sfn/intrinsic_functions/test_array_jsonata.py::TestArrayJSONata::test_array_partition#exec_hist_resp_3',
  'sfn/intrinsic_functions/test_array_jsonata.py::TestArrayJSONata::test_array_partition#exec_hist_resp_4',
  'sfn/intrinsic_functions/test_array_jsonata.py::TestArrayJSONata::test_array_partition#exec_hist_resp_7',
  'sfn/intrinsic_functions/test_array_jsonata.py::TestArrayJSONata::test_array_partition#exec_hist_resp_8',
  'sfn/intrinsic_functions/test_array_jsonata.py::TestArrayJSONata::test_array_partition#exec_hist_resp_10',
  'sfn/intrinsic_functions/test_array_jsonata.py::TestArrayJSONata::test_array_partition#exec_hist_resp_11',
  'sfn/intrinsic_functions/test_array_jsonata.py::TestArrayJSONata::test_array_partition#exec_hist_resp_12',
  'sfn/intrinsic_functions/test_array_jsonata.py::TestArrayJSONata::test_array_partition#exec_hist_resp_14',
  'sfn/intrinsic_functions/test_array_jsonata.py::TestArrayJSONata::test_array_partition#exec_hist_resp_15',
  'sfn/intrinsic_functions/test_array_jsonata.py::TestArrayJSONata::test_array_partition#exec_hist_resp_16',
  'sfn/intrinsic_functions/test_array_jsonata.py::TestArrayJSONata::test_array_partition#exec_hist_resp_17',
  'sfn/intrinsic_functions/test_array_jsonata.py::TestArrayJSONata::test_array_partition#exec_hist_resp_19',
  'sfn/intrinsic_functions/test_array_jsonata.py::TestArrayJSONata::test_array_range#exec_hist_resp_1',
  'sfn/intrinsic_functions/test_json_manipulation_jsonata.py::TestJsonManipulationJSONata::test_parse#exec_hist_resp_0',
  'sfn/intrinsic_functions/test_json_manipulation_jsonata.py::TestJsonManipulationJSONata::test_parse#exec_hist_resp_2',
  'sfn/intrinsic_functions/test_json_manipulation_jsonata.py::TestJsonManipulationJSONata::test_parse#exec_hist_resp_6',
  'sfn/outputdecl/test_output.py::TestArgumentsBase::test_base_cases[BASE_LITERALS]#get_execution_history',
  'sfn/outputdecl/test_output.py::TestArgumentsBase::test_base_cases[BASE_EXPR]#get_execution_history',
  'sfn/outputdecl/test_output.py::TestArgumentsBase::test_base_output_any_non_dict[NULL]#get_execution_history',
  'sfn/outputdecl/test_output.py::TestArgumentsBase::test_base_output_any_non_dict[INT]#get_execution_history',
  'sfn/outputdecl/test_output.py::TestArgumentsBase::test_base_output_any_non_dict[BOOL]#get_execution_history',
  'sfn/outputdecl/test_output.py::TestArgumentsBase::test_output_in_choice[CONDITION_FALSE]#get_execution_history',
  'sfn/query_language/test_base_query_language.py::TestBaseQueryLanguage::test_base_query_language_field[JSONATA]#get_execution_history',
  'sfn/query_language/test_base_query_language.py::TestBaseQueryLanguage::test_query_language_field_override[JSONATA_OVERRIDE]#get_execution_history',
  'sfn/query_language/test_base_query_language.py::TestBaseQueryLanguage::test_query_language_field_override[JSONATA_OVERRIDE_DEFAULT]#get_execution_history',
  'sfn/query_language/test_mixed_query_language.py::TestMixedQueryLanguageFlow::test_variable_sampling[JSONPATH_ASSIGN_JSONATA_REF]#get_execution_history',
  'sfn/query_language/test_mixed_query_language.py::TestMixedQueryLanguageFlow::test_output_to_state[JSONATA_OUTPUT_TO_JSONPATH]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_state_item_selector[MAP_STATE_ITEM_SELECTOR_JSONATA]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_state_items_eval_jsonata_fail[number]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_state_items_eval_jsonata_fail[string]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_state_items_eval_jsonata_fail[object]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_state_items_eval_jsonata_fail[function]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_state_items_eval_jsonata[empty]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_state_items_eval_jsonata[singleton]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_state_items_eval_jsonata_variable_sampling_fail[number]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_state_items_eval_jsonata_variable_sampling_fail[boolean]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_state_items_eval_jsonata_variable_sampling_fail[object]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_state_items_input_types[string]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_state_items_input_types[boolean]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_state_items_input_array[empty]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_state_items_input_array[mixed]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_map_state_items_variable_sampling[object]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_choice_unsorted_parameters_positive[CHOICE_STATE_UNSORTED_CHOICE_PARAMETERS_JSONATA]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_choice_aws_docs_scenario[CHOICE_STATE_AWS_SCENARIO_JSONATA]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_choice_singleton_composite[CHOICE_STATE_SINGLETON_COMPOSITE_JSONATA]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_choice_singleton_composite[CHOICE_STATE_SINGLETON_COMPOSITE_LITERAL_JSONATA]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_wait_timestamp_jsonata[NANOSECONDS]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_wait_timestamp_jsonata[NO_T]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_wait_timestamp_jsonata[INVALID_DATE]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_wait_timestamp_jsonata[INVALID_TIME]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_wait_timestamp_jsonata[INVALID_ISO]#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_fail_error_jsonata#get_execution_history',
  'sfn/scenarios/test_base_scenarios.py::TestBaseScenarios::test_escape_sequence_parsing[ESCAPE_SEQUENCES_JSONATA_COMPARISON_OUTPUT]#get_execution_history',
  'sfn/local_mocking/test_base_scenarios.py::TestBaseScenarios::test_numbered_mock_responses_multiple_success_invocations#get_execution_history',
  'sfn/outputdecl/test_output.py::TestArgumentsBase::test_base_task_lambda[BASE_TASK_LAMBDA]#get_execution_history',
  'sfn/query_language/test_mixed_query_language.py::TestMixedQueryLanguageFlow::test_task_dataflow_to_state#get_execution_history',
  'sfn/query_language/test_mixed_query_language.py::TestMixedQueryLanguageFlow::test_lambda_task_resource_data_flow[TASK_LAMBDA_LEGACY_RESOURCE_JSONATA_TO_JSONPATH]#get_execution_history',
  'sfn/query_language/test_mixed_query_language.py::TestMixedQueryLanguageFlow::test_lambda_task_resource_data_flow[TASK_LAMBDA_SDK_RESOURCE_JSONATA_TO_JSONPATH]#get_execution_history',
  'sfn/query_language/test_mixed_query_language.py::TestMixedQueryLanguageFlow::test_lambda_task_resource_data_flow[TASK_LAMBDA_LEGACY_RESOURCE_JSONPATH_TO_JSONATA]#get_execution_history',
  'sfn/states_variables/test_error_output.py::TestStateVariablesTemplate::test_task_catch_error_output[TASK_CATCH_ERROR_OUTPUT]#get_execution_history',
  'sfn/states_variables/test_error_output.py::TestStateVariablesTemplate::test_task_catch_error_output[TASK_CATCH_ERROR_OUTPUT_TO_JSONPATH]#get_execution_history',
  'sfn/states_variables/test_error_output.py::TestStateVariablesTemplate::test_catch_error_variable_sampling[TASK_CATCH_ERROR_VARIABLE_SAMPLING]#get_execution_history',
  'sfn/states_variables/test_error_output.py::TestStateVariablesTemplate::test_task_catch_error_with_retry[TASK_CATCH_ERROR_OUTPUT_WITH_RETRY]#get_execution_history',
  'sfn/states_variables/test_error_output.py::TestStateVariablesTemplate::test_task_catch_error_with_retry[TASK_CATCH_ERROR_OUTPUT_WITH_RETRY_TO_JSONPATH]#get_execution_history',
]);

describe.each(['asl-cases.json', 'asl-task-cases.json'])('executions recorded on AWS: %s', (file) => {
  const cases = recordedCases(file);
  if (cases === undefined) {
    it.skip(`skipped: the folder with ${file} is absent (PAYMENTS_CONFORMANCE_DIR names it)`, () => {});
    return;
  }
  const counts = { passed: 0, 'out of scope: JSONata': 0, 'known to differ': 0 };
  afterAll(() => console.info(file, counts));

  for (const recorded of cases) {
    const { name } = recorded;
    if (OUT_OF_SCOPE.has(name)) {
      it(`is refused for its JSONata: ${name}`, async () => {
        const context = testContext({ runtime: new VirtualTime(0) });
        const service = new StatesService(
          context,
          functionsOf(() => undefined),
        );
        const refusal = await refusalOf(() =>
          service.call('CreateStateMachine', machineOf(recorded), { kind: 'owner' }),
        );
        expect(refusal.code).toBe('InvalidDefinition');
        expect(refusal.message).toMatch(/query language JSONata is not run.* at \/(States\/)?/);
        counts['out of scope: JSONata'] += 1;
      });
    } else if (KNOWN_TO_DIFFER[name] !== undefined) {
      it(`differs, ${KNOWN_TO_DIFFER[name]}: ${name}`, async () => {
        expect(await replay(recorded)).not.toEqual([]);
        counts['known to differ'] += 1;
      });
    } else {
      it(name, async () => {
        expect(await replay(recorded)).toEqual([]);
        counts.passed += 1;
      });
    }
  }
});

async function refusalOf(create: () => unknown): Promise<AwsError> {
  try {
    await create();
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error('the definition was accepted');
}
