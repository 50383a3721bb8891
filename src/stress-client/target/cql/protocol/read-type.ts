import { cqlNativeCodes } from '../../../cql-type.ts';
import type { CqlNativeName, CqlType } from '../../../cql-type.ts';
import type { BodyReader } from './body-reader.ts';
import { typeOfClass } from './type-of-class.ts';

const nativeNames = new Map(
  Object.entries(cqlNativeCodes).map(([name, code]) => [code as number, name as CqlNativeName]),
);
const customCode = 0x00;
const listCode = 0x20;
const mapCode = 0x21;
const setCode = 0x22;
const udtCode = 0x30;
const tupleCode = 0x31;

/** Reads a type, an [option] of native_protocol_v4.spec, section 4.2.5.2. Throws a RangeError where there is none. */
export function readType(body: BodyReader): CqlType {
  const code = body.short();
  switch (code) {
    case customCode:
      return typeOfClass(body.string());
    case listCode:
      return { kind: 'list', of: readType(body) };
    case setCode:
      return { kind: 'set', of: readType(body) };
    case mapCode:
      return { kind: 'map', key: readType(body), value: readType(body) };
    case tupleCode:
      return { kind: 'tuple', of: Array.from({ length: body.short() }, () => readType(body)) };
    case udtCode: {
      const keyspace = body.string();
      const name = body.string();
      const fields = Array.from({ length: body.short() }, () => ({
        name: body.string(),
        type: readType(body),
      }));
      return { kind: 'udt', keyspace, name, fields };
    }
  }
  const name = nativeNames.get(code);
  if (name === undefined) throw new RangeError(`the protocol has no type ${code}`);
  return { kind: 'native', name };
}
