package io.aki.benchmark;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

import io.aki.client.AkiBinary;
import io.aki.client.AkiClient;
import io.aki.client.AkiResult;

/**
 * Fetches an image of 20 MB. The program fetches it once, to test whether the heap is
 * large enough. Or it fetches it several times, with our client and with the bare engine
 * and {@link Base64.Decoder}, to compare the times.
 */
final class ImageProgram {

	private static final byte[] BODY = "{\"prompt\":\"robot\",\"key\":\"benchmark-key\",\"wait_for_result\":true}"
		.getBytes(StandardCharsets.UTF_8);

	private static final Map<String, Object> PARAMS = Map.of("prompt", "robot");

	private static final byte[] MARK = ";base64,".getBytes(StandardCharsets.US_ASCII);

	private ImageProgram() {
	}

	public static void main(String[] arguments) throws Exception {
		String url = arguments[0];
		Engine engine = Engine.valueOf(arguments[1]);
		try (Engine.Ours ours = engine.ours(url)) {
			if (arguments[2].equals("once")) {
				once(ours.client().forEndpoint(arguments[3]));
			}
			else {
				compare(engine.bare(url), ours.client().forEndpoint("image"), Integer.parseInt(arguments[3]));
			}
		}
		Runtime.getRuntime().halt(0);
	}

	private static void once(AkiClient client) throws Exception {
		Path file = Files.createTempFile("aki-benchmark", ".png");
		try {
			AkiResult result = client.doApiRequest(PARAMS);
			if (!result.success()) {
				Runtime.getRuntime().halt(1);
			}
			result.binaries().get(0).writeTo(file);
			Console.print("size", Files.size(file));
		}
		finally {
			Files.deleteIfExists(file);
		}
	}

	private static void compare(Engine.Bare bare, AkiClient client, int times) throws Exception {
		double[] bareTimes = new double[times];
		double[] ourTimes = new double[times];
		for (int i = -3; i < times; i++) {
			long start = System.nanoTime();
			byte[] decoded = decode(bare.post("/api/call/image", BODY));
			long middle = System.nanoTime();
			AkiBinary binary = client.doApiRequest(PARAMS).orThrow().binaries().get(0);
			byte[] data = binary.data();
			long end = System.nanoTime();
			if (!Arrays.equals(decoded, data)) {
				throw new IllegalStateException("The images differ");
			}
			if (i >= 0) {
				bareTimes[i] = (middle - start) / 1e6;
				ourTimes[i] = (end - middle) / 1e6;
			}
		}
		Console.print("bare", Median.of(bareTimes));
		Console.print("ours", Median.of(ourTimes));
	}

	private static byte[] decode(byte[] json) {
		int start = 0;
		while (!Arrays.equals(json, start, start + MARK.length, MARK, 0, MARK.length)) {
			start++;
		}
		start += MARK.length;
		int end = start;
		while (json[end] != '"') {
			end++;
		}
		return Base64.getDecoder().decode(Arrays.copyOfRange(json, start, end));
	}

}
