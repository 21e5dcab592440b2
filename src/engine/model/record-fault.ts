import { RejectCode } from '../../spec/error-codes';

/** Why a record was refused; reused, copy what you keep. */
export interface RecordFault {
  code: RejectCode;
  /** The field's name. None: the record as a whole. */
  column: string | undefined;
  message: string;
}

/** Sets all of it: the fault before this one is forgotten. */
export function setFault(fault: RecordFault, code: RejectCode, column: string | undefined, message: string): void {
  fault.code = code;
  fault.column = column;
  fault.message = message;
}
