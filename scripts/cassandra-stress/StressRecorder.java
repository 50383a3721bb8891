import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.stress.generate.Distribution;
import org.apache.cassandra.stress.generate.values.Bytes;
import org.apache.cassandra.stress.generate.values.Generator;
import org.apache.cassandra.stress.generate.values.GeneratorConfig;
import org.apache.cassandra.stress.generate.values.HexBytes;
import org.apache.cassandra.stress.operations.predefined.CqlCounterAdder;
import org.apache.cassandra.stress.operations.predefined.CqlCounterGetter;
import org.apache.cassandra.stress.operations.predefined.CqlInserter;
import org.apache.cassandra.stress.operations.predefined.CqlReader;
import org.apache.cassandra.stress.operations.predefined.PredefinedOperation;
import org.apache.cassandra.stress.settings.OptionDistribution;
import org.apache.cassandra.stress.settings.StressSettings;
import org.apache.cassandra.stress.util.ResultLogger;

/**
 * Asks the real tool's own classes, one question a line of standard input, words separated by tabs; an answer is
 * a line "=== exit code, message" and what was printed. One process for all: a start takes seconds.
 */
public class StressRecorder
{
    /** The tool's own exits are answers; the recorder's is real. */
    static volatile boolean done;

    static final class Exit extends SecurityException
    {
        final int code;

        Exit(int code)
        {
            this.code = code;
        }
    }

    /** Ends before a profile is shown: that connects to its node, and makes its schema there. */
    static final class SettingsOnly implements ResultLogger
    {
        final PrintStream to;

        SettingsOnly(PrintStream to)
        {
            this.to = to;
        }

        public void println(String line)
        {
            if (line.contains("* Profile *"))
                throw new Exit(0);
            to.println(line);
        }

        public void println()
        {
            to.println();
        }

        public void printException(Exception e)
        {
            e.printStackTrace(to);
        }

        public void flush()
        {
            to.flush();
        }

        public void printf(String format, Object... values)
        {
            to.printf(format, values);
        }
    }

    public static void main(String[] arguments) throws Exception
    {
        PrintStream answers = System.out;
        System.setSecurityManager(new SecurityManager()
        {
            public void checkExit(int code)
            {
                if (!done)
                    throw new Exit(code);
            }

            public void checkPermission(java.security.Permission permission)
            {
            }
        });
        DatabaseDescriptor.clientInitialization();
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (String line; (line = questions.readLine()) != null; )
        {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            PrintStream printed = new PrintStream(bytes, true, "UTF-8");
            System.setOut(printed);
            System.setErr(printed);
            int code = 0;
            String message = "";
            try
            {
                answer(line.split("\t", -1), printed);
            }
            catch (IllegalArgumentException e)
            {
                code = 1;
                message = String.valueOf(e.getMessage());
            }
            catch (Exit e)
            {
                code = e.code;
            }
            catch (Throwable e)
            {
                code = 1;
                message = e.toString();
            }
            answers.println("=== " + code + " " + message);
            answers.write(bytes.toByteArray());
            answers.println();
        }
        answers.flush();
        // Threads that the tool left would keep the process.
        done = true;
        System.exit(0);
    }

    static void answer(String[] words, PrintStream to) throws Throwable
    {
        switch (words[0])
        {
            case "line":
                StressSettings settings = parse(words);
                if (settings != null)
                    settings.printSettings(new SettingsOnly(to));
                return;
            case "schema":
                StressSettings written = parse(words);
                to.print(text(written.schema, "createKeyspaceStatementCQL3"));
                to.print(text(written.schema, "createStandard1StatementCQL3", written));
                to.print(text(written.schema, "createCounter1StatementCQL3", written));
                for (PredefinedOperation operation : new PredefinedOperation[] {
                    new CqlInserter(null, null, null, written),
                    new CqlReader(null, null, null, written),
                    new CqlCounterAdder(OptionDistribution.get("fixed(1)"), null, null, null, written),
                    new CqlCounterGetter(null, null, null, written) })
                    to.println(text(operation, "buildQuery"));
                return;
            case "draws":
                Distribution distribution = OptionDistribution.get(words[1]).get();
                distribution.setSeed(Long.parseLong(words[2]));
                for (int i = 0; i < Integer.parseInt(words[3]); i++)
                    to.print((i == 0 ? "" : " ") + distribution.next());
                return;
            case "bounds":
                Distribution bounded = OptionDistribution.get(words[1]).get();
                to.print(bounded.minValue() + " " + bounded.maxValue() + " " + bounded.average());
                return;
            case "bytes":
                GeneratorConfig config =
                    new GeneratorConfig("randomstr" + words[1], null, OptionDistribution.get(words[2]), null);
                Generator<ByteBuffer> generator =
                    words[1].equals("key") ? new HexBytes(words[1], config) : new Bytes(words[1], config);
                generator.setSeed(Long.parseLong(words[3]));
                ByteBuffer value = generator.generate();
                while (value.hasRemaining())
                    to.printf("%02x", value.get());
                return;
            default:
                throw new IllegalArgumentException("no such question: " + words[0]);
        }
    }

    static StressSettings parse(String[] words)
    {
        List<String> arguments = new ArrayList<>();
        for (int i = 1; i < words.length; i++)
            arguments.add(words[i]);
        return StressSettings.parse(arguments.toArray(new String[0]));
    }

    static Object text(Object of, String name, Object... arguments) throws Throwable
    {
        for (Method method : of.getClass().getDeclaredMethods())
            if (method.getName().equals(name))
            {
                method.setAccessible(true);
                return method.invoke(of, arguments);
            }
        throw new NoSuchMethodException(name);
    }
}
