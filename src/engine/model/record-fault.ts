import { RejectCode } from '../../spec/error-codes';

/** Why a record was refused; reused, copy what you keep. */
export interface RecordFault {
  code: RejectCode;
  /** The field's name. None: the record as a whole. */
  column: string | undefined;
  message: string;
}
