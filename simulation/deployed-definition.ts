/** The state machine of the synthesized template, as it is deployed. */
import { StateMachine } from './state-machine';
import { synthesize } from '../test/synthesize';

export function deployedStateMachine(): StateMachine {
  return new StateMachine(synthesize().definition());
}
