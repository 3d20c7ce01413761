// Who may import what: the table of docs/decisions/0002-stages-and-imports.md, enforced.
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

/** Every folder of packages/ is a stage; scripts/src/tidy.ts holds them against the list of stages. */
const STAGES = readdirSync(join(__dirname, 'packages')).join('|');
/** Files of a stage that decide, and may know nothing of where they run. */
const DECISION = `^packages/(${STAGES})/src/(?!(stage|handler|infra)\\.ts$)(?!adapters/)(?!.*\\.(test|fixture)\\.ts$).+\\.ts$`;

module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Files that import each other in a circle cannot be read one after the other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere fails at run time.',
      severity: 'error',
      from: { pathNot: '\\.d\\.ts$' },
      to: { couldNotResolve: true },
    },
    {
      name: 'domain-is-pure',
      comment: 'libs/domain imports nothing of ours.',
      severity: 'error',
      from: { path: '^libs/domain/' },
      to: { path: '^(packages|schemas|infra|scripts|libs/(?!domain/))' },
    },
    {
      name: 'stages-know-no-other-stage',
      comment: 'Contracts are the only coupling: a stage imports no other stage.',
      severity: 'error',
      from: { path: `^packages/(${STAGES})/` },
      to: { path: `^packages/(${STAGES})/`, pathNot: '^packages/$1/' },
    },
    {
      name: 'decisions-have-no-surroundings',
      comment:
        'Decisions, ports and errors import schemas, libs/domain and their siblings; no runtime, SDK, kit or infrastructure.',
      severity: 'error',
      from: { path: DECISION },
      to: {
        path: '^(node:|libs/(?!domain/)|infra/|scripts/)|@aws-sdk|@middy|/pino/|/cdktf/|@cdktf',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'decisions-use-no-node-module',
      comment: 'Decisions get time, randomness and hashing through ports.',
      severity: 'error',
      from: { path: DECISION },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'decisions-do-not-reach-out',
      comment: 'A decision knows ports, not adapters; and never the composition root or infrastructure.',
      severity: 'error',
      from: { path: DECISION },
      to: { path: '/src/(adapters/|handler\\.ts$|infra\\.ts$)' },
    },
    {
      name: 'declaration-stands-alone',
      comment: 'stage.ts is read by Lambda and by Terraform alike: it imports the declaration alone.',
      severity: 'error',
      from: { path: `^packages/(${STAGES})/src/stage\\.ts$` },
      to: { pathNot: '^(schemas/|libs/stage-kit/src/stage\\.ts$)' },
    },
    {
      name: 'adapters-keep-to-ports',
      comment:
        'Adapters import their ports, errors and AWS clients; not the composition root, the kit or infrastructure.',
      severity: 'error',
      from: { path: `^packages/(${STAGES})/src/adapters/`, pathNot: '\\.test\\.ts$' },
      to: { path: '/src/(handler|infra)\\.ts$|^libs/stage-kit/|^infra/' },
    },
    {
      name: 'handler-without-infrastructure',
      comment: 'What runs in Lambda carries no cdktf.',
      severity: 'error',
      from: { path: `^packages/(${STAGES})/src/handler\\.ts$` },
      to: { path: '/src/infra\\.ts$|^infra/|/cdktf/|@cdktf' },
    },
    {
      name: 'infrastructure-without-handler',
      comment: 'infra.ts reads the declaration; the code of the functions comes as a bundle.',
      severity: 'error',
      from: { path: `^packages/(${STAGES})/src/infra\\.ts$` },
      to: {
        path: '/src/(?!stage\\.ts$|workflow\\.ts$|infra\\.ts$|[a-z-]+\\.json$)',
        pathNot: '^(infra|libs|schemas)/',
      },
    },
    {
      name: 'cdktf-in-infra-only',
      comment: 'CDKTF is imported in infra/ alone, so that the move to its successor is a rename.',
      severity: 'error',
      from: { pathNot: '^infra/' },
      to: { path: '/cdktf/|@cdktf|/constructs/', pathNot: '^infra/src/constructs/' },
    },
    {
      name: 'kit-alone-knows-middy-and-pino',
      severity: 'error',
      from: { pathNot: '^libs/stage-kit/' },
      to: { path: '@middy|/pino/' },
    },
    {
      name: 'schemas-stand-alone',
      severity: 'error',
      from: { path: '^schemas/' },
      to: { path: '^(packages|infra|scripts|libs)/' },
    },
    {
      name: 'local-cloud-knows-no-pipeline',
      comment: 'The local cloud runs any stack; it knows nothing of payments.',
      severity: 'error',
      from: { path: '^libs/local-cloud/' },
      to: { path: '^(packages|infra|scripts|schemas|libs/(domain|stage-kit))/' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/(dist|generated)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.json', '.d.ts'],
    },
    builtInModules: { add: ['node:sqlite'] },
  },
};
