export interface Difference {
  readonly why: string;
  /** Our reason to refuse the line, or lines of our settings by section where we take it. */
  readonly outcome: string | Readonly<Record<string, readonly string[]>>;
}

const fork = 'ScyllaDB’s cassandra-stress has it';
const newer = 'Apache Cassandra 4 and later have it';
const ours = 'an addition of ours';
const consistencies = 'ONE|QUORUM|LOCAL_QUORUM|EACH_QUORUM|ALL|ANY|TWO|THREE|LOCAL_ONE|SERIAL|LOCAL_SERIAL';
const native = ['API: JAVA_DRIVER_NATIVE', 'Connection Style: CQL_PREPARED'];
const transport = (change: (text: string) => string): readonly string[] => [
  change(
    'factory=org.apache.cassandra.thrift.TFramedTransportFactory; truststore=null; truststore-password=null; keystore=null; keystore-password=null; ssl-protocol=TLS; ssl-alg=SunX509; store-type=JKS; ssl-ciphers=TLS_RSA_WITH_AES_128_CBC_SHA,TLS_RSA_WITH_AES_256_CBC_SHA; hostname-verification=false; ',
  ),
];

/** Command lines that we take otherwise than Apache Cassandra 3.11.5, as JSON. */
export const differences: ReadonlyMap<string, Difference> = new Map(
  (
    [
      [
        'mixed ratio(write=0,read=0) n=5',
        'there would be nothing to do',
        'Must specify at least one command with a non-zero ratio',
      ],
      [
        'read n=5 -pop dist=UNIFORM(5..1)',
        'the real one fails when it draws',
        'Invalid parameter list for uniform distribution: [5..1]',
      ],
      [
        'read n=5 -pop dist=SEQ(5..1)',
        'fewer forms of a message',
        'Invalid parameter list for sequence distribution: [5..1]',
      ],
      [
        'read n=5 -pop dist=SEQ(5..5)',
        'fewer forms of a message',
        'Invalid parameter list for sequence distribution: [5..5]',
      ],
      ['write n=5 -rate threads=99999999999', 'says what is wrong', 'threads=99999999999 is too large'],
      [
        'write n=5 -node file=no/such/file',
        'says what is wrong',
        "no/such/file can't be read: ENOENT: no such file or directory, open 'no/such/file'",
      ],
      [
        'write n=5 -credentials-file c.properties',
        newer,
        "c.properties can't be read: ENOENT: no such file or directory, open 'c.properties'",
      ],
      ['write n=5 cl=SOME', fork, `Invalid value SOME; must match pattern ${consistencies}`],
      ['write n=5 cl=', fork, `Invalid value ; must match pattern ${consistencies}`],
      ['write n=5 -mode native cql3 protocolVersion=9', newer, 'Invalid value 9; must match pattern [2-5]+'],
      ['write n=5 cl=SERIAL', fork, { Command: ['Consistency Level: SERIAL'] }],
      ['write n=5 serial-cl=LOCAL_SERIAL', fork, { Command: ['Serial Consistency Level: LOCAL_SERIAL'] }],
      [
        ['write', 'n=5', '-schema', 'replication(strategy=SimpleStrategy', 'factor=3)'],
        ours,
        {
          Schema: [
            'Replication Strategy: org.apache.cassandra.locator.SimpleStrategy',
            'Replication Strategy Options: {replication_factor=3}',
          ],
        },
      ],
      [
        'write n=5 -schema replication_factor=3',
        ours,
        { Schema: ['Replication Strategy Options: {replication_factor=3}'] },
      ],
      [
        'write n=5 -schema replication(strategy=NetworkTopologyStrategy)',
        'shows the factor that the statement has',
        { Schema: ['Replication Strategy Options: {replication_factor=1}'] },
      ],
      [
        'write n=5 -schema compaction(strategy=NoSuchStrategy)',
        fork,
        { Schema: ['Table Compaction Strategy: NoSuchStrategy'] },
      ],
      [
        'write n=5 -schema storage(type=S3,endpoint=e,bucket=b)',
        fork,
        { Schema: ['Storage Options: {type=S3, endpoint=e, bucket=b}'] },
      ],
      ['write n=5 -mode native', newer, { Mode: native }],
      ['write n=5 -mode cql3', newer, { Mode: native }],
      ['write n=5 -mode connectionsPerHost=5', newer, { Mode: [...native, 'Connections Per Host: 5'] }],
      ['write n=5 -mode native cql3 prepared', newer, { Mode: native }],
      ['write n=5 -mode native cql3 requestTimeout=5000', fork, { Mode: native }],
      [
        'write n=5 -mode simplenative prepared',
        fork,
        { Mode: ['API: SIMPLE_NATIVE', 'Connection Style: CQL_PREPARED'] },
      ],
      [
        'write n=5 -node rack=r1 datacenter=dc1 127.0.0.1',
        fork,
        { Node: ['Nodes: [127.0.0.1]', 'Datacenter: dc1', 'Rack: r1'] },
      ],
      [
        'write n=5 -log level=MINIMAL interval=2S',
        'values are of any case',
        { Log: ['Interval Millis: 2000', 'Level: MINIMAL'] },
      ],
      ['write n=5 -log format=pystress', ours, { Log: ['Interval Millis: 10000'] }],
      ['write n=5 -errors skip-unsupported-columns', fork, { Errors: ['Tries: 10'] }],
      ['write n=5 -errors fail-fast', fork, { Errors: ['Fail fast setting: true'] }],
      [
        'write n=5 -errors delay-policy=linear min-delay-ms=10 max-delay-ms=100',
        fork,
        { Errors: ['Tries: 10'] },
      ],
      [
        'write n=5 -insert partitions=fixed(5) batchtype=UNLOGGED',
        'the real one fails with a stack trace',
        { Insert: ['Batchsize: Fixed:  key=5', 'Batch Type: UNLOGGED'] },
      ],
      ['write n=5 -insert batchtype=logged', 'values are of any case', { Insert: ['Batch Type: LOGGED'] }],
      [
        'write n=5 -transport truststore=/t.jks truststore-password=pw',
        'passwords are not shown',
        {
          Transport: transport((text) =>
            text
              .replace('truststore=null', 'truststore=/t.jks')
              .replace('truststore-password=null', 'truststore-password=*suppressed*'),
          ),
        },
      ],
      [
        'write n=5 -transport keystore=/k.jks keystore-password=pw ssl-ciphers=A,B ssl-protocol=TLSv1.2',
        'passwords are not shown',
        {
          Transport: transport((text) =>
            text
              .replace('keystore=null', 'keystore=/k.jks')
              .replace('keystore-password=null', 'keystore-password=*suppressed*')
              .replace('ssl-protocol=TLS;', 'ssl-protocol=TLSv1.2;')
              .replace(/ssl-ciphers=[^;]*/, 'ssl-ciphers=A,B'),
          ),
        },
      ],
      [
        'write n=5 -transport hostname-verification=true',
        fork,
        { Transport: transport((text) => text.replace('verification=false', 'verification=true')) },
      ],
      ['write n=5 -reporting output-frequency=1s', newer, { Log: ['Interval Millis: 1000'] }],
      ['write n=5 -jmx user=a password=b', newer, { Mode: native }],
    ] as const
  ).map(([line, why, outcome]) => [JSON.stringify(line), { why, outcome }]),
);
