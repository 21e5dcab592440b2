import { readdirSync } from 'node:fs';
import * as path from 'node:path';
import { awscdk, github, javascript } from 'projen';

/** Every Lambda handler: `src/handlers/<name>.handler.ts` becomes `assets/<name>/index.js`. */
const HANDLERS = readdirSync('src/handlers').map((file) => file.replace('.handler.ts', ''));

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-csv-chunk-pipeline',
  description: 'Large CSV files in S3, cut into record-aligned chunks, validated, processed in parallel and published whole or not at all - with proof that no record was lost or doubled.',
  author: 'The CsvChunkPipeline maintainers',
  authorAddress: 'maintainers@cdk-csv-chunk-pipeline.dev',
  repositoryUrl: 'https://github.com/cdk-csv-chunk-pipeline/cdk-csv-chunk-pipeline.git',
  license: 'Apache-2.0',
  copyrightOwner: 'The CsvChunkPipeline maintainers',
  copyrightPeriod: '2026',
  keywords: ['aws', 'cdk', 'awscdk', 'csv', 'etl', 's3', 'step-functions', 'distributed-map', 'data-engineering'],
  defaultReleaseBranch: 'main',
  majorVersion: 0,

  // 2.257: the first version that cdk-nag 3 peers on. integ-runner reads the cloud assembly of no later one than 2.259.
  cdkVersion: '2.257.0',
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.3',
  minNodeVersion: '20.16.0',
  workflowNodeVersion: '22',
  packageManager: javascript.NodePackageManager.NPM,
  bumpPackage: 'commit-and-tag-version@^12',
  publishToPypi: { distName: 'cdk-csv-chunk-pipeline', module: 'cdk_csv_chunk_pipeline' },
  publishToMaven: {
    javaPackage: 'dev.csvchunkpipeline.cdk',
    mavenGroupId: 'dev.csvchunkpipeline',
    mavenArtifactId: 'cdk-csv-chunk-pipeline',
  },

  projenrcTs: true,
  sampleCode: false,
  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: {
    compilerOptions: { module: 'node20', moduleResolution: javascript.TypeScriptModuleResolution.NODE16, target: 'es2023', lib: ['es2023'], types: ['node', 'jest'], rootDir: '.', esModuleInterop: true, isolatedModules: true },
  },
  // Run time code is bundled into assets/; jsii compiles only what a CDK app loads.
  excludeTypescript: [...['aws', 'engine', 'handlers', 'operator', 'ports', 'preflight', 'services', 'steps', 'terminal'].map((room) => `src/${room}/**`), 'src/user-files/load-module.ts'],

  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'examples', 'emulator', 'bench', 'simulation'],
    projectService: false,
    tsconfigPath: './tsconfig.dev.json',
  },
  jestOptions: {
    jestVersion: '^30.0.0',
    jestConfig: {
      testTimeout: 60_000,
      modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out', '<rootDir>/.local/', '<rootDir>/terraform/'],
      // ES modules without a CommonJS build, which jest would need.
      transformIgnorePatterns: ['/node_modules/(?!hyparquet)'],
      transform: {
        '/node_modules/hyparquet.*\\.js$': new javascript.Transform('ts-jest', {
          tsconfig: { allowJs: true, module: 'commonjs', target: 'es2022', isolatedModules: true }, diagnostics: false,
        }),
      },
    },
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
  },

  bundlerOptions: { assetsDir: 'assets', esbuildVersion: '^0.28.0' },
  lambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,
  integrationTestAutoDiscover: false,

  devDeps: [
    '@aws-cdk/integ-runner@2.197.10',
    '@aws-cdk/integ-tests-alpha@2.245.0-alpha.0',
    '@aws-lambda-powertools/logger@~2.35.0',
    '@aws-lambda-powertools/metrics@~2.35.0',
    '@aws-sdk/client-cloudformation',
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/client-eventbridge',
    '@aws-sdk/client-glue',
    // The newest in every registry mirror.
    '@aws-sdk/client-lambda@^3.1162.0',
    '@aws-sdk/client-s3',
    '@aws-sdk/client-sfn',
    '@aws-sdk/client-sns',
    // Of one core with the others.
    '@aws-sdk/client-sqs@^3.1169.0',
    '@aws-sdk/credential-provider-env',
    '@aws-sdk/credential-provider-http',
    '@aws-sdk/lib-dynamodb',
    '@aws-sdk/s3-request-presigner',
    // The newest with packages for every platform in every registry mirror.
    '@duckdb/node-api@1.5.5-r.5',
    // Holds docs/job-api.openapi.yaml to OpenAPI's own schema.
    '@seriousme/openapi-schema-validator',
    '@smithy/core',
    '@smithy/signature-v4',
    '@types/aws-lambda',
    '@types/papaparse',
    '@types/yauzl',
    'ajv',
    'ajv-formats',
    'asl-validator@^4',
    'assemblyscript@0.28.20',
    'aws-cdk@^2.1148.1',
    'cdk-nag@^3.0.2',
    'csv-parse',
    'csv-spectrum',
    'fast-check',
    'fast-csv',
    // Exactly: engine/output/parquet/row-group-footers.ts takes what it does not export.
    'hyparquet-writer@0.17.0',
    'papaparse',
    // The generator of the simulation: small, and far better than a line of our own.
    'pure-rand',
    'tsx@^4',
    'yaml',
    'yauzl',
  ],
  bin: { 'csv-chunk-pipeline': 'bin/csv-chunk-pipeline' },

  githubOptions: { mergify: false, pullRequestLint: false },
  // Another is below: projen's would run the unit tests and lint alone.
  buildWorkflow: false,
  depsUpgrade: false,
  pullRequestTemplate: false,
  stale: false,
  gitignore: ['/assets/', '/THIRD-PARTY-LICENSES', '/.local/', 'cdk.out/', 'cdk.context.json', '.venv/', '__pycache__/', '*.egg-info/', '/bench/data/', '/.jsii.tabl.json', 'cdk-integ.out.*', 'cdktf.out/', '/terraform/dist/'],
});

// A version that has platform packages in every registry mirror; a lock with gaps is refused by `npm ci`.
project.package.addPackageResolutions('unrs-resolver@1.12.2');
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');

for (const folder of ['/emulator/', '/scripts/', '/bench/', '/simulation/', '/examples/', '/docs/', '/terraform/', '/CONTRIBUTING.md', '/SECURITY.md', '/.ci/', '/.local/', '/.jsii.tabl.json', 'cdk.out/']) project.addPackageIgnore(folder);

// `cdk-csv-chunk-pipeline/transform` has types alone. Not by `exports`, which would close all other paths.
project.package.addField('typesVersions', { '*': { transform: ['transform.d.ts'] } });

// Entries for a fresh clone: plain JavaScript that installs what is missing. projen's own test task is the unit tests
// and lint.
project.package.setScript('demo', 'node emulator/demo.js');
project.package.setScript('bench', 'tsx bench/run.ts');
project.package.setScript('simulate', 'tsx simulation/main.ts');
project.package.setScript('scale', 'tsx bench/scale.ts');
project.package.setScript('hostile', 'tsx bench/hostile.ts');
project.package.setScript('test', 'node scripts/test.js');

// projen adds `**/*.ts`, which would take in every clone and virtual environment below.
project.tsconfigDev.file.addOverride('include', [
  '.projenrc.ts', 'src/**/*.ts', 'test/**/*.ts', 'examples/*/*.ts', 'emulator/**/*.ts', 'bench/**/*.ts', 'simulation/**/*.ts',
]);

// Parts of the SDK that no step needs, and that would make all of it slow to load: see the files. An operator may have
// credentials from anywhere, so that command keeps them.
const IN_PLACE_OF_THE_SDK = {
  '--alias:@aws-sdk/credential-provider-node': './src/aws/default-credentials.ts',
  '--alias:@smithy/core/event-streams': './src/aws/no-event-streams.ts',
};

const OPERATOR_BUNDLE = 'operator';

// Bundled here, so that synth works from any language and without esbuild. The SDK is bundled too: the version that was
// tested is the one that runs.
for (const [entrypoint, name] of [
  ...HANDLERS.map((handler) => [`src/handlers/${handler}.handler.ts`, handler]),
  // Loaded by ProcessChunk, only where a transform is a function: it would be an eighth of the handler.
  ['src/aws/invoke-function.ts', 'invoke-function'],
  ['src/preflight/main.ts', 'preflight'],
  ['src/operator/command.ts', OPERATOR_BUNDLE],
  // Loaded at synth.
  ['src/engine/check-schema.ts', 'check-schema'],
]) {
  project.bundler.addBundle(entrypoint, {
    target: 'node22',
    platform: 'node',
    outfile: `../../${name}/index.js`,
    watchTask: false,
    // Without `keepNames`: to name each function anew would be 5 ms of each cold start.
    minify: true,
    mainFields: ['module', 'main'],
    // Beside the bundle, which does not name it: no function carries it, and neither does the package (see below).
    sourceMapMode: javascript.SourceMapMode.EXTERNAL,
    // The legal comments, and more, are in THIRD-PARTY-LICENSES, which is made of the metafiles.
    // esbuild's default charset, ASCII, is read without being decoded, and held in one byte a character.
    esbuildArgs: { '--legal-comments': 'none', '--metafile': `.local/metafiles/${name}.json`, ...name === OPERATOR_BUNDLE ? {} : IN_PLACE_OF_THE_SDK },
  });
}
project.bundler.bundleTask.exec('node scripts/third-party-licenses.js');

// The source maps would make the package several times as large, and each synth from Python and Java slower: they go with
// the release, for those who have a stack trace to read.
const SOURCE_MAPS = 'dist/source-maps/source-maps.tgz';
project.addPackageIgnore('/assets/**/*.map');
project.packageTask.exec(`mkdir -p ${path.dirname(SOURCE_MAPS)} && tar -czf ${SOURCE_MAPS} --exclude=index.js -C scripts source-position.js -C .. assets`);

// What needs nothing but Terraform or OpenTofu; see terraform/release/README.md.
const TERRAFORM_RELEASE = 'dist/terraform';
project.packageTask.env('TERRAFORM', `$(node -p "'${TERRAFORM_RELEASE}/csv-chunk-pipeline-terraform-' + require('./package.json').version")`);
project.packageTask.exec('npm ci --prefix terraform --no-audit --no-fund');
project.packageTask.exec(`rm -rf ${TERRAFORM_RELEASE}`);
project.packageTask.exec('npm run --prefix terraform package -- "../$TERRAFORM"');
// The same bytes from the same commit, whoever packs them, and when: the checksum tells a release from another one.
project.packageTask.exec('tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=a+rX,u+w,go-w -I "gzip -n" -cf "$TERRAFORM.tgz" -C dist/terraform "${TERRAFORM##*/}"');
project.packageTask.exec('sha256sum *.tgz > SHA256SUMS', { cwd: TERRAFORM_RELEASE });

// One that is there already is an error: what was released stays as it is.
const ATTACHED = [SOURCE_MAPS, `${TERRAFORM_RELEASE}/*.tgz`, `${TERRAFORM_RELEASE}/SHA256SUMS`];
project.release!.addJobs({
  release_files: {
    name: 'Attach source maps and the stack for Terraform to the release',
    needs: ['release', 'release_github'],
    runsOn: ['ubuntu-latest'],
    permissions: { contents: github.workflows.JobPermission.WRITE },
    if: '${{ !inputs.dry_run }}',
    steps: [
      {
        name: 'Download build artifacts',
        uses: 'actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c',
        with: { 'artifact-ids': '${{ needs.release.outputs.artifact_id }}', 'path': 'dist' },
      },
      {
        name: 'Attach',
        env: { GITHUB_TOKEN: '${{ secrets.GITHUB_TOKEN }}' },
        run: `gh release upload "$(cat dist/releasetag.txt)" ${ATTACHED.join(' ')} -R "$GITHUB_REPOSITORY"`,
      },
    ],
  },
});

// The packages of `terraform` are 480 MB, and installed where they are needed alone.
project.addTask('eslint:terraform', {
  description: 'Runs eslint against the package for Terraform, whose packages must be installed',
  env: { ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' },
  exec: 'eslint --ext .ts --fix terraform',
});

// What is bundled needs nothing at run time.
for (const folder of ['aws', 'engine', 'handlers', 'operator', 'ports', 'preflight', 'services', 'steps', 'terminal']) project.eslint?.allowDevDeps(`src/${folder}/**`);

// Bytes are numbers and flags.
project.eslint?.addOverride({ files: ['src/engine/**/*.ts', 'bench/**/*.ts'], rules: { 'no-bitwise': 'off' } });

/** The rooms of `src` that each room may import; see docs/design.md. Nobody imports `handlers`. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'spec': [],
  'contract': ['spec'],
  'user-files': ['spec', 'contract'],
  'engine': ['spec'],
  'ports': ['spec', 'contract', 'engine'],
  'steps': ['spec', 'contract', 'engine', 'ports'],
  'services': ['spec', 'contract', 'ports'],
  'aws': ['contract', 'engine', 'ports'],
  'handlers': ['contract', 'user-files', 'ports', 'steps', 'services', 'aws'],
  'terminal': ['spec'],
  'preflight': ['spec', 'contract', 'user-files', 'engine', 'ports', 'steps', 'terminal'],
  'operator': ['spec', 'contract', 'ports', 'services', 'aws', 'terminal'],
  'synth': ['spec', 'contract'],
  'options': ['spec', 'contract', 'user-files', 'synth'],
  'pipeline': ['spec', 'contract', 'synth', 'options', 'csv-chunk-pipeline-props.ts'],
  'around': ['spec', 'contract', 'synth', 'options', 'i-csv-chunk-pipeline.ts'],
};
/** The rooms of the engine: each may import those before it. */
const ENGINE_ROOMS = [
  'model', 'io', 'text', 'grammar', 'json', 'pattern', 'types', 'header', 'keys', 'format', 'records', 'boundaries', 'staging', 'transform', 'output', 'fast', 'process',
];
/** What a CDK app loads knows nothing of what runs in Lambda. */
const RUN_TIME_ROOMS = ['engine', 'ports', 'steps', 'services', 'aws', 'handlers', 'terminal', 'preflight', 'operator'];
project.eslint?.addRules({
  'import/no-cycle': 'error',
  'import/no-restricted-paths': ['error', {
    zones: [
      ...Object.entries(ROOMS).map(([room, others]) => ({
        target: `./src/${room}`,
        from: './src',
        except: [room, ...others].map((name) => `./${name}`),
        message: `${room} imports ${others.join(', ') || 'nothing of ours'}`,
      })),
      ...ENGINE_ROOMS.map((room, index) => ({
        target: `./src/engine/${room}`,
        from: './src/engine',
        except: ENGINE_ROOMS.slice(0, index + 1).map((name) => `./${name}`),
        message: `engine/${room} imports ${ENGINE_ROOMS.slice(0, index).join(', ') || 'no other room of the engine'}`,
      })),
      { target: './src/*.ts', from: RUN_TIME_ROOMS.map((room) => `./src/${room}`), message: 'what a CDK app loads knows nothing of what runs in Lambda' },
      { target: './src', from: ['./emulator', './test', './examples', './bench', './simulation'], message: 'src knows nothing of what uses it' },
    ],
  }],
  // A word that is added to a union is missed by the compiler where a switch has a `default:`, or no return value.
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: false }],
});

// What is imported is told by the imports at a file's head, where the rooms are held.
const OTHER_IMPORTS = ['ImportExpression', 'TSImportType', 'TSImportEqualsDeclaration'].map((selector) => (
  { selector, message: 'a file says at its head what it imports' }
));
const QUOTED = {
  selector: 'TemplateElement[value.raw=/[ (]"$/]', message: 'what somebody gave is quoted by visibleJson, which escapes what would act on a terminal',
};
const NO_ENVIRONMENT = 'the environment is read in src/aws/read-env.ts and src/preflight/main.ts';
const PRINTED = 'what is printed goes through src/terminal/terminal.ts, which escapes it';
const NO_STREAMS = ['stdout', 'stderr'].map((property) => ({ object: 'process', property, message: PRINTED }));
const NO_CONSOLE = { name: 'console', message: PRINTED };
const NO_CDK = { regex: '^(?:aws-cdk-lib|constructs)(?:/|$)', message: 'only what a CDK app loads knows the CDK' };
const NO_AWS = { group: ['@aws-sdk/*', '@smithy/*', '@aws-lambda-powertools/*'], message: 'only src/aws knows the AWS SDK' };
project.eslint?.addOverride({
  files: ['src/**/*.ts'],
  excludedFiles: ['src/aws/read-env.ts', 'src/preflight/main.ts'],
  rules: {
    'no-restricted-globals': ['error', { name: 'globalThis', message: NO_ENVIRONMENT }, NO_CONSOLE],
    'no-restricted-properties': ['error', { object: 'process', property: 'env', message: NO_ENVIRONMENT }, ...NO_STREAMS],
    'no-restricted-syntax': ['error', ...OTHER_IMPORTS, QUOTED],
    'no-restricted-imports': ['error', { paths: ['process', 'node:process'].map((name) => ({ name, message: NO_ENVIRONMENT })), patterns: [NO_AWS] }],
  },
});
project.eslint?.addOverride({
  files: ['src/preflight/main.ts'],
  rules: { 'no-restricted-globals': ['error', NO_CONSOLE], 'no-restricted-properties': ['error', ...NO_STREAMS] },
});
project.eslint?.addOverride({ files: ['src/terminal/terminal.ts'], rules: { 'no-restricted-properties': 'off' } });
// The one that is loaded where a transform is a function, and the user's module.
project.eslint?.addOverride({ files: ['src/aws/*.ts', 'src/user-files/load-module.ts'], rules: { 'no-restricted-syntax': 'off' } });
project.eslint?.addOverride({
  files: ['src/aws/*.ts'],
  rules: { 'no-restricted-imports': ['error', { paths: ['process', 'node:process'].map((name) => ({ name, message: NO_ENVIRONMENT })), patterns: [NO_CDK] }] },
});
project.eslint?.addOverride({
  files: ['spec', 'contract', 'user-files', 'ports', 'handlers', 'terminal', 'preflight', 'operator'].map((room) => `src/${room}/**/*.ts`),
  rules: { 'no-restricted-imports': ['error', { patterns: [NO_AWS, NO_CDK] }] },
});
// A step over the same ports does the same thing: in a test, in Lambda, on a local disk, and when it runs again.
const FROM_PORTS = 'what a step needs of the world comes with its deps, see src/ports/step-deps.ts';
project.eslint?.addOverride({
  files: ['src/steps/**/*.ts', 'src/services/**/*.ts', 'src/engine/**/*.ts'],
  rules: {
    'no-restricted-globals': ['error',
      ...['process', 'console', 'performance', 'crypto', 'globalThis', 'setTimeout', 'setInterval', 'setImmediate', 'fetch'].map((name) => ({ name, message: FROM_PORTS }))],
    'no-restricted-properties': ['error',
      { object: 'Date', property: 'now', message: FROM_PORTS },
      { object: 'Math', property: 'random', message: FROM_PORTS }],
    'no-restricted-syntax': ['error',
      ...OTHER_IMPORTS,
      QUOTED,
      { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: FROM_PORTS },
      { selector: 'CallExpression[callee.name="Date"]', message: FROM_PORTS }],
    'no-restricted-imports': ['error', {
      paths: [{ name: 'node:crypto', allowImportNames: ['createHash', 'hash'], message: FROM_PORTS }],
      patterns: [
        { regex: '^node:(?!(?:buffer|crypto|events|path|stream|stream/promises|util|zlib)$)', message: FROM_PORTS },
        { regex: '^(?:crypto|fs|os|process|child_process|https?|net|timers|worker_threads|perf_hooks)(?:/|$)', message: FROM_PORTS },
        NO_AWS,
        NO_CDK,
      ],
    }],
  },
});

const build = project.github!.addWorkflow('build');
build.on({ pullRequest: {}, push: { branches: ['main'] }, workflowDispatch: {} });
build.addJob('build', {
  runsOn: ['ubuntu-latest'],
  permissions: { contents: github.workflows.JobPermission.READ },
  timeoutMinutes: 60,
  // Where Terraform or Go is not there, what needs them is skipped; here it must be run.
  env: { CI: 'true', REQUIRE_TERRAFORM: 'true' },
  steps: [
    github.WorkflowSteps.checkout(),
    { name: 'Setup Node.js', uses: 'actions/setup-node@v7.0.0', with: { 'node-version': '22', 'package-manager-cache': false } },
    // What the emulator, the wheel and the Python examples need; the oldest version that CONTRIBUTING.md names.
    { name: 'Setup Python', uses: 'actions/setup-python@v7.0.0', with: { 'python-version': '3.11' } },
    // The version that terraform/README.md names. The wrapper would stand between the tests and what Terraform says.
    {
      name: 'Setup Terraform',
      // v4.0.0
      uses: 'hashicorp/setup-terraform@5e8dbf3c6d9deaf4193ca7a8fb23f2ac83bb6c85',
      with: { terraform_version: '1.11.4', terraform_wrapper: false },
    },
    {
      name: 'Setup Go',
      uses: 'actions/setup-go@v7.0.0',
      with: { 'go-version-file': 'terraform/test/stub-provider/go.mod', 'cache': false },
    },
    { name: 'Everything that must hold', run: '.ci/run' },
  ],
});

// A snapshot is templates, not code.
project.gitignore.addPatterns('/test/*.snapshot/asset.*');
const integRunner = "integ-runner --directory test --app 'npx tsx {filePath}' --test-regex '^integ\\..*\\.ts$'";
project.addTask('integ', {
  description: 'Deploy the integration test to the account in force, run its assertions, delete it',
  exec: `${integRunner} --update-on-failed --force --disable-update-workflow`,
  receiveArgs: true,
});
project.addTask('integ:snapshot', { description: 'Compare the template of the integration test with the committed one', exec: integRunner });
project.addTask('integ:snapshot:update', {
  description: 'Write the committed template of the integration test anew',
  exec: `${integRunner} --update-on-failed --dry-run --force`,
});

// AssemblyScript is TypeScript to read, but not to TypeScript's compiler.
project.tsconfigDev.addExclude('src/engine/fast/assembly/**');
project.eslint?.addIgnorePattern('src/engine/fast/assembly/');
// Generated, and committed as API.md is: tests and tsx need no build.
project.annotateGenerated('/src/engine/fast/fast-path.wasm.ts');
project.bundler.bundleTask.prependSpawn(project.addTask('fast-path', {
  description: 'Compile the fast path to WebAssembly; every build does, before it bundles',
  exec: 'node scripts/build-wasm.js',
}));

project.synth();
