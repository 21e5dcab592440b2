/** What the construct has to say of the settings reaches whoever synthesizes. */
import * as path from 'node:path';
import { newApp } from './synthesized';

jest.mock('../../examples/raw-payments/raw-payments-stack', () => {
  const { Annotations } = jest.requireActual('aws-cdk-lib');
  const { RawPaymentsStack } = jest.requireActual('../../examples/raw-payments/raw-payments-stack');
  return {
    RawPaymentsStack: class extends RawPaymentsStack {
      constructor(...args: unknown[]) {
        super(...args);
        Annotations.of(this).addWarningV2('test:closer', 'look closer');
      }
    },
  };
});

test('synth prints a warning of the construct', () => {
  const said = jest.spyOn(console, 'error').mockImplementation();
  const [argv, outdir] = [process.argv, process.env.CDKTF_OUTDIR];
  process.argv = [...argv.slice(0, 2), path.join(__dirname, '..', 'settings.json')];
  process.env.CDKTF_OUTDIR = newApp().outdir;
  try {
    jest.isolateModules(() => jest.requireActual('../main'));
    expect(said.mock.calls).toEqual([['TapStack: warning: look closer [ack: test:closer]']]);
  } finally {
    said.mockRestore();
    process.argv = argv;
    if (outdir === undefined) delete process.env.CDKTF_OUTDIR;
    else process.env.CDKTF_OUTDIR = outdir;
  }
});
