package io.aki.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Serves the API in a separate process with very little CPU time. It uses one thread and
 * prepared responses.
 * <p>
 * A job waits until a client calls {@code GET /benchmark/release?ms}. This request
 * finishes all waiting jobs, each at a random time within that many milliseconds. The
 * random numbers have a fixed seed. The result contains the time in {@code finished_at},
 * as {@link System#nanoTime()}. On Linux, all processes of the machine share this clock.
 * After {@code GET /benchmark/finish} new jobs are finished at once, until
 * {@code GET /benchmark/wait}.
 * <p>
 * {@code GET /benchmark/pause?ms} pauses the server for that many milliseconds.
 * {@code GET /benchmark/delay?ms} delays each response of the API by that many
 * milliseconds.
 */
final class ApiServer {

	private static final int IMAGE_BYTES = 20 * 1024 * 1024;

	private static final String TEXT = "Once upon a time a small robot found a seashell on the beach. "
			+ "Gr\\u00fc\\u00dfe aus Berlin \\u2014 na\\u00efve caf\\u00e9. ";

	private static final byte[] BLOCKING = answer(
			"{\"success\": true, \"job_id\": \"" + jobId(0) + "\", \"ep_version\": 3, \"text\": \"" + TEXT.repeat(3)
					+ "\", \"num_generated_tokens\": 60, \"model_name\": \"Llama\", \"prompt_length\": 20,"
					+ " \"current_context_length\": 80, \"max_seq_len\": 8192, \"compute_duration\": 0.61,"
					+ " \"total_duration\": 0.62, \"start_time\": 1795394744.41732}");

	private static final String PROGRESS = "{\"success\": true, \"job_id\": \"%1$s\", \"ep_version\": 3,"
			+ " \"job_state\": \"processing\", \"progress\": {\"job_id\": \"%1$s\", \"progress\": 40,"
			+ " \"progress_data\": {\"text\": \"" + TEXT.repeat(2)
			+ "\", \"num_generated_tokens\": 25, \"current_context_length\": 44}, \"queue_position\": 0,"
			+ " \"estimate\": 0, \"num_workers_online\": 1}}";

	private static final String RESULT = "{\"success\": true, \"job_id\": \"%1$s\", \"ep_version\": 3,"
			+ " \"job_result\": {\"success\": true, \"job_id\": \"%1$s\", \"ep_version\": 3, \"text\": \""
			+ TEXT.repeat(3) + "\", \"num_generated_tokens\": 60, \"finished_at\": %2$d}, \"job_state\": \"done\"}";

	private static final byte[] JOB_ID = "\"job_id\":\"".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] WAITING = "\"wait_for_result\":true".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] CANCEL = "\"cancel\":true".getBytes(StandardCharsets.US_ASCII);

	private static final long UNFINISHED = Long.MAX_VALUE;

	private static final long HANDED_OUT = Long.MIN_VALUE;

	private final Random random = new Random(4);

	private long[] finishTimes = new long[1024];

	private int started;

	private long polls;

	private long cancels;

	private long pauseMillis;

	private long delayMillis;

	private boolean finishesAtOnce;

	/**
	 * Connections with a delayed response, in the order in which the responses are due.
	 */
	private final Queue<SelectionKey> delayed = new ArrayDeque<>();

	private byte[] image = {};

	private byte[] smallImage = {};

	public static void main(String[] arguments) throws IOException {
		Thread parent = new Thread(ApiServer::endWithParent);
		parent.setDaemon(true);
		parent.start();
		new ApiServer().serve();
	}

	private static void endWithParent() {
		try {
			while (System.in.read() >= 0) {
				// the parent process sends no data: the stream ends when the parent ends
			}
		}
		catch (IOException ex) {
			// the parent process has ended
		}
		Runtime.getRuntime().halt(0);
	}

	private void serve() throws IOException {
		try (Selector selector = Selector.open(); ServerSocketChannel listener = ServerSocketChannel.open()) {
			listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
			listener.configureBlocking(false);
			listener.register(selector, SelectionKey.OP_ACCEPT);
			Console.print("url", "http://127.0.0.1:" + ((InetSocketAddress) listener.getLocalAddress()).getPort());
			while (true) {
				selector.select(beforeNextAnswer());
				for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext();) {
					SelectionKey key = keys.next();
					keys.remove();
					if (key.isAcceptable()) {
						accept(selector, listener);
					}
					else {
						attend(key);
					}
				}
			}
		}
	}

	/**
	 * Pause if requested, and send the delayed responses that are due.
	 * @return the time until the next delayed response, in milliseconds, or 0 if there is
	 * none
	 */
	private long beforeNextAnswer() {
		if (this.pauseMillis > 0) {
			try {
				Thread.sleep(this.pauseMillis);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.pauseMillis = 0;
		}
		while (!this.delayed.isEmpty()) {
			long left = ((Connection) this.delayed.element().attachment()).due - System.nanoTime();
			if (left > 0) {
				return TimeUnit.NANOSECONDS.toMillis(left) + 1;
			}
			write(this.delayed.remove());
		}
		return 0;
	}

	private void accept(Selector selector, ServerSocketChannel listener) throws IOException {
		SocketChannel channel = listener.accept();
		channel.configureBlocking(false);
		channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
		channel.register(selector, SelectionKey.OP_READ, new Connection());
	}

	private void attend(SelectionKey key) {
		Connection connection = (Connection) key.attachment();
		try {
			if (key.isReadable() && !connection.read((SocketChannel) key.channel(), this)) {
				close(key);
			}
			else if (this.delayMillis > 0 && connection.hasAnswer()) {
				connection.due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(this.delayMillis);
				this.delayed.add(key);
				key.interestOps(0);
			}
			else {
				write(key);
			}
		}
		catch (IOException ex) {
			close(key);
		}
	}

	private static void write(SelectionKey key) {
		try {
			boolean done = ((Connection) key.attachment()).write((SocketChannel) key.channel());
			key.interestOps(done ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
		}
		catch (IOException | CancelledKeyException ex) {
			close(key);
		}
	}

	private static void close(SelectionKey key) {
		key.cancel();
		try {
			key.channel().close();
		}
		catch (IOException ex) {
			// the client has disconnected
		}
	}

	/**
	 * Create the response to one request.
	 * @param bytes the request
	 * @param head the index at which the head of the request ends
	 * @param end the index at which the request ends
	 */
	private byte[] answer(byte[] bytes, int head, int end) {
		int start = indexOf(bytes, 0, head, (byte) ' ') + 1;
		String path = new String(bytes, start, indexOf(bytes, start, head, (byte) ' ') - start,
				StandardCharsets.ISO_8859_1);
		if (path.startsWith("/api/progress/")) {
			return progress(bytes, head, end);
		}
		if (path.startsWith("/api/call/")) {
			return call(path, bytes, head, end);
		}
		if (path.startsWith("/benchmark/release?")) {
			return release(Long.parseLong(path.substring(path.indexOf('?') + 1)));
		}
		if (path.startsWith("/benchmark/pause?")) {
			this.pauseMillis = Long.parseLong(path.substring(path.indexOf('?') + 1));
			return answer("");
		}
		if (path.startsWith("/benchmark/delay?")) {
			this.delayMillis = Long.parseLong(path.substring(path.indexOf('?') + 1));
			return answer("");
		}
		if (path.equals("/benchmark/finish") || path.equals("/benchmark/wait")) {
			this.finishesAtOnce = path.endsWith("finish");
			return answer("");
		}
		if (path.equals("/benchmark/counters")) {
			return answer("started=" + this.started + "\npolls=" + this.polls + "\ncancels=" + this.cancels + "\ncpu="
					+ Cpu.nanos() + "\n");
		}
		if (path.startsWith("/api/validate_key")) {
			return answer("{\"success\": true}");
		}
		return answer(path.startsWith("/api/endpoints/") ? "{\"success\": true, \"name\": \"llama3_8b_chat\"}"
				: "{\"success\": true, \"endpoints\": [\"llama3_8b_chat\"]}");
	}

	private byte[] call(String path, byte[] bytes, int head, int end) {
		if (path.endsWith("/image")) {
			if (this.image.length == 0) {
				this.image = image(IMAGE_BYTES);
			}
			return this.image;
		}
		if (path.endsWith("/small_image")) {
			if (this.smallImage.length == 0) {
				this.smallImage = image(1024);
			}
			return this.smallImage;
		}
		if (indexOf(bytes, head, end, WAITING) >= 0) {
			return BLOCKING;
		}
		if (this.started == this.finishTimes.length) {
			this.finishTimes = Arrays.copyOf(this.finishTimes, 2 * this.started);
		}
		this.finishTimes[this.started] = this.finishesAtOnce ? System.nanoTime() : UNFINISHED;
		return answer("{\"success\": true, \"job_id\": \"" + jobId(this.started++) + "\", \"ep_version\": 3}");
	}

	private byte[] progress(byte[] bytes, int head, int end) {
		this.polls++;
		int job = job(bytes, head, end);
		if (job < 0 || job >= this.started) {
			return answer("{\"success\": false, \"error\": [\"Client has no active request with this job id\"]}");
		}
		long finish = this.finishTimes[job];
		if (finish != HANDED_OUT && indexOf(bytes, head, end, CANCEL) >= 0) {
			this.cancels++;
			this.finishTimes[job] = HANDED_OUT;
			return answer("{\"success\": true, \"job_id\": \"" + jobId(job)
					+ "\", \"ep_version\": 3, \"job_state\": \"canceled\"}");
		}
		if (finish == HANDED_OUT) {
			return answer("{\"success\": true, \"job_id\": \"" + jobId(job)
					+ "\", \"ep_version\": 3, \"job_state\": \"done\"}");
		}
		if (finish == UNFINISHED || System.nanoTime() < finish) {
			return answer(Templates.fill(PROGRESS, jobId(job), 0));
		}
		this.finishTimes[job] = HANDED_OUT;
		return answer(Templates.fill(RESULT, jobId(job), finish));
	}

	private static int job(byte[] bytes, int head, int end) {
		int start = indexOf(bytes, head, end, JOB_ID);
		if (start < 0) {
			return -1;
		}
		int i = indexOf(bytes, start, end, (byte) '#') + 1;
		int number = 0;
		for (; i > 0 && i < end && bytes[i] != '"'; i++) {
			number = 10 * number + bytes[i] - '0';
		}
		return number;
	}

	private byte[] release(long milliseconds) {
		long now = System.nanoTime();
		int released = 0;
		for (int i = 0; i < this.started; i++) {
			if (this.finishTimes[i] == UNFINISHED) {
				this.finishTimes[i] = now + (long) (this.random.nextDouble() * milliseconds * 1_000_000);
				released++;
			}
		}
		return answer("released=" + released + "\n");
	}

	private static byte[] image(int size) {
		byte[] data = new byte[size];
		new Random(20).nextBytes(data);
		return answer("{\"success\": true, \"job_id\": \"" + jobId(0)
				+ "\", \"ep_version\": 0, \"images\": [\"data:image/PNG;base64,"
				+ Base64.getEncoder().encodeToString(data) + "\"], \"seed\": 42}");
	}

	private static String jobId(int number) {
		return "f83a436c-6fff-450b-a119-88fd952450f7#" + number;
	}

	private static byte[] answer(String body) {
		int length = body.length();
		return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n" + body)
			.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static int indexOf(byte[] bytes, int from, int to, byte wanted) {
		for (int i = from; i < to; i++) {
			if (bytes[i] == wanted) {
				return i;
			}
		}
		return -1;
	}

	private static int indexOf(byte[] bytes, int from, int to, byte[] wanted) {
		for (int i = from; i <= to - wanted.length; i++) {
			if (bytes[i] == wanted[0] && Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
				return i;
			}
		}
		return -1;
	}

	/**
	 * A keep-alive connection. Requests are not pipelined.
	 */
	private static final class Connection {

		private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

		private ByteBuffer in = ByteBuffer.allocate(8192);

		private ByteBuffer out = ByteBuffer.allocate(0);

		private long due;

		boolean read(SocketChannel channel, ApiServer server) throws IOException {
			int count = channel.read(this.in);
			if (count < 0) {
				return false;
			}
			if (!this.in.hasRemaining()) {
				this.in = ByteBuffer.allocate(2 * this.in.capacity()).put(this.in.flip());
			}
			byte[] bytes = this.in.array();
			int head = indexOf(bytes, 0, this.in.position(), HEAD_END);
			if (head < 0) {
				return true;
			}
			head += HEAD_END.length;
			int end = head + contentLength(bytes, head);
			if (this.in.position() >= end) {
				this.out = ByteBuffer.wrap(server.answer(bytes, head, end));
				this.in.clear();
			}
			return true;
		}

		private static int contentLength(byte[] bytes, int head) {
			for (int i = 0; i < head - 16; i++) {
				if (bytes[i] == '\n' && (bytes[i + 1] | 32) == 'c' && (bytes[i + 9] | 32) == 'l'
						&& bytes[i + 15] == ':') {
					int length = 0;
					for (int j = i + 16; bytes[j] != '\r'; j++) {
						length = (bytes[j] != ' ') ? 10 * length + bytes[j] - '0' : length;
					}
					return length;
				}
			}
			return 0;
		}

		boolean hasAnswer() {
			return this.out.hasRemaining();
		}

		boolean write(SocketChannel channel) throws IOException {
			if (this.out.hasRemaining()) {
				channel.write(this.out);
			}
			return !this.out.hasRemaining();
		}

	}

	/**
	 * Fills in a template faster than {@link String#format} does.
	 */
	private static final class Templates {

		static String fill(String template, String jobId, long number) {
			String filled = template.replace("%1$s", jobId);
			return (number != 0) ? filled.replace("%2$d", Long.toString(number)) : filled;
		}

	}

}
