package io.aki.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.aki.client.AkiClient;
import io.aki.spring.web.AkiEventStream;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Opens event streams of a web application on Tomcat. The program measures the threads
 * and the heap while all streams wait. Then it finishes the jobs of the streams.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@RestController
public class StreamProgram {

	static final int STREAMS = 1000;

	private static final byte[] REQUEST = "POST /chat HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
		.getBytes(StandardCharsets.US_ASCII);

	private static final int IDLE_MILLIS = 15_000;

	private final AkiClient aki;

	StreamProgram(AkiClient aki) {
		this.aki = aki;
	}

	@PostMapping(path = "/chat", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	AkiEventStream chat() {
		return AkiEventStream.of(this.aki, Map.of("prompt_input", "Tell me a story"));
	}

	public static void main(String[] arguments) throws Exception {
		String url = arguments[0];
		ConfigurableApplicationContext application = SpringApplication.run(StreamProgram.class, "--server.port=0",
				"--spring.main.banner-mode=off", "--logging.level.root=warn", "--aki.io.api-server=" + url,
				"--aki.io.api-key=test-key", "--aki.io.endpoint=llama3_8b_chat");
		int port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		// the first stream loads the classes and starts the threads of the client
		List<Socket> streams = new ArrayList<>(List.of(open(port)));
		int threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
		long heapBefore = usedHeap();
		while (streams.size() <= STREAMS) {
			streams.add(open(port));
		}
		Thread.sleep(IDLE_MILLIS);
		Console.print("streams.heap", (double) (usedHeap() - heapBefore) / STREAMS);
		Console.print("streams.threads", ManagementFactory.getThreadMXBean().getThreadCount() - threadsBefore);
		new ServerControl(url).release(2000);
		int done = 0;
		for (Socket stream : streams) {
			done += endsWithDone(stream) ? 1 : 0;
		}
		Console.print("streams.notDone", streams.size() - done);
		Runtime.getRuntime().halt(0);
	}

	/**
	 * Open a stream and wait for the first byte of its response.
	 */
	private static Socket open(int port) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
		socket.setSoTimeout(60_000);
		socket.getOutputStream().write(REQUEST);
		socket.getInputStream().read();
		return socket;
	}

	private static boolean endsWithDone(Socket stream) throws IOException {
		try (BufferedReader reader = new BufferedReader(
				new InputStreamReader(stream.getInputStream(), StandardCharsets.UTF_8))) {
			String last = "";
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				last = line.startsWith("event:") ? line : last;
			}
			return last.equals("event:done");
		}
	}

	private static long usedHeap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
