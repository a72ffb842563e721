package io.aki.benchmark;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.aki.client.AkiResult;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Measures one blocking call in one thread. The call sends a chat request and receives
 * its result.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ExchangeBenchmark {

	static final String SERVER = "benchmark.server";

	static final Map<String, Object> PARAMS = Map.of("chat_context",
			List.of(Map.of("role", "system", "content", "You are a helpful assistant."),
					Map.of("role", "user", "content", "Tell me a story about a robot on a beach.")),
			"max_gen_tokens", 200, "temperature", 0.8);

	private static final byte[] BODY = ("{\"chat_context\":\"[{\\\"role\\\":\\\"system\\\",\\\"content\\\":"
			+ "\\\"You are a helpful assistant.\\\"},{\\\"role\\\":\\\"user\\\",\\\"content\\\":"
			+ "\\\"Tell me a story about a robot on a beach.\\\"}]\",\"max_gen_tokens\":200,\"temperature\":0.8,"
			+ "\"key\":\"benchmark-key\",\"wait_for_result\":true}")
		.getBytes(java.nio.charset.StandardCharsets.UTF_8);

	@Param({ "JDK", "APACHE" })
	public String engine;

	private Engine.Bare bare;

	private Engine.Ours ours;

	@Setup
	public void open() {
		String url = System.getProperty(SERVER);
		Engine chosen = Engine.valueOf(this.engine);
		this.bare = chosen.bare(url);
		this.ours = chosen.ours(url);
	}

	@TearDown
	public void close() throws Exception {
		this.ours.close();
	}

	@Benchmark
	public byte[] bare() throws Exception {
		return this.bare.post("/api/call/" + Engine.ENDPOINT, BODY);
	}

	@Benchmark
	public AkiResult ours() {
		AkiResult result = this.ours.client().doApiRequest(PARAMS);
		if (!result.success()) {
			throw new IllegalStateException(result.error());
		}
		return result;
	}

}
