import { printDuration } from '../lexer/scalar.ts';
import type { StressSettings } from './settings.ts';

/** A SET of a script, with what a reader is told of it. */
export interface SettingStatement {
  readonly text: string;
  readonly comment?: string;
}

/** Where the script finds the password; it is never part of a script. */
export const passwordVariable = 'CASSANDRA_STRESS_PASSWORD';

/** The SETs that a script begins with. */
export function settingStatements(settings: StressSettings, keyspace: string): readonly SettingStatement[] {
  const { command, mode, node, port, errors, log, transport, graph } = settings;
  const statements: SettingStatement[] = [];
  const set = (name: string, value: string, comment?: string): void => {
    statements.push({
      text: `SET ${name} ${bracketed(value)}`,
      ...(comment === undefined ? {} : { comment }),
    });
  };
  set('Target', 'cql');
  if (graph.file !== undefined) {
    set('TestName', graph.title ?? `${graph.operation} ${graph.revision}`);
  }
  set('Addresses', node.nodes.map((name) => address(name, port.native)).join('|'));
  if (node.datacenter !== undefined) set('LocalDatacenter', node.datacenter);
  if (mode.username !== undefined) set('Username', mode.username);
  if (mode.password !== undefined) {
    const comment = 'The password is in the environment.';
    statements.push({ text: `SET Password [\${env:${passwordVariable}}]`, comment });
  }
  if (transport.truststore !== undefined || transport.keystore !== undefined) {
    set('SSL', 'true');
    if (transport.truststore === undefined) set('Insecure', 'true');
    else {
      set('CaFile', transport.truststore);
      if (!transport.hostnameVerification) set('VerifyHost', 'false');
    }
    if (transport.keystore !== undefined) {
      set('CertFile', transport.keystore);
      set('KeyFile', transport.keystore);
    }
  }
  set('Keyspace', cqlName(keyspace));
  set('Consistency', command.consistency);
  if (command.serialConsistency !== 'SERIAL') set('SerialConsistency', command.serialConsistency);
  if (mode.connectionsPerHost !== undefined) {
    set('ConnectionsPerHost', String(Math.max(1, mode.connectionsPerHost)));
  }
  set('Timeout', durationOf(mode.requestTimeoutMs));
  const tries = `An operation has ${errors.tries} tries, one directly after the other, whatever the error; its time is that of all.`;
  set('Retries', String(errors.tries - 1), tries);
  set('RetryOn', 'any');
  set('RetryBackoff', durationOf(errors.delay.minimumMs ?? 0));
  set('ServiceTime', 'operation');
  if (!errors.ignore || errors.failFast) set('MaxErrors', '0');
  set('ReportInterval', durationOf(log.intervalMs));
  return statements;
}

/** As the language writes it. */
export function durationOf(ms: number): string {
  return printDuration(ms * 1e6);
}

function address(host: string, port: number): string {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return port === 9042 ? name : `${name}:${port}`;
}

/** As CQL reads it: without quotes its capitals would be lost. */
function cqlName(name: string): string {
  return /^[a-z][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A value of SET; quoted where it is more than a word or a list of words. */
function bracketed(value: string): string {
  const escaped = value.replaceAll('${', '$${');
  return /^[\w.,:|/+-]*$/.test(value) ? `[${escaped}]` : `["${escaped.replaceAll('"', '""')}"]`;
}
