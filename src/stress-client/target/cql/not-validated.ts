import type { Failure } from '../socket-error.ts';

/** An answer that is not what RETURNS says, in the words of cassandra-stress. */
export const notValidated: Failure = {
  errorClass: 'validation',
  message: 'Data returned was not validated',
  status: 0,
};
