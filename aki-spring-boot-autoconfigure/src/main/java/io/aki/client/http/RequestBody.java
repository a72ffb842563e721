package io.aki.client.http;

import java.io.IOException;
import java.io.OutputStream;

import org.jspecify.annotations.Nullable;

import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.util.FastByteArrayOutputStream;

/**
 * The bytes of a request body. They contain the API key, so {@link #toString()} shows
 * only their number.
 *
 * @param bytes the JSON
 * @param exchange the exchange whose connection takes the bytes, or {@code null} if
 * something between the client and the engine takes them
 * @since 1.0.0
 */
public record RequestBody(byte[] bytes, @Nullable LimitedExchange exchange) implements StreamingHttpOutputMessage.Body {

	/**
	 * Create a body.
	 * @param bytes the JSON
	 */
	public RequestBody(byte[] bytes) {
		this(bytes, null);
	}

	/**
	 * Return a body for a connection. The bytes of a {@code RequestBody} are not copied.
	 */
	static RequestBody of(StreamingHttpOutputMessage.Body body, LimitedExchange exchange) throws IOException {
		if (body instanceof RequestBody json) {
			return new RequestBody(json.bytes, exchange);
		}
		FastByteArrayOutputStream bytes = new FastByteArrayOutputStream();
		body.writeTo(bytes);
		return new RequestBody(bytes.toByteArrayUnsafe(), exchange);
	}

	/**
	 * Write the bytes, unless the exchange has passed its deadline: engines call this
	 * method once they have a connection.
	 */
	@Override
	public void writeTo(OutputStream stream) throws IOException {
		if (this.exchange != null) {
			this.exchange.timeLeft();
			this.exchange.sending();
		}
		stream.write(this.bytes);
	}

	/**
	 * Return {@code false}, so that no engine repeats a request that may start a job.
	 * Apache HttpClient 5 would repeat it after 429 and 503.
	 */
	@Override
	public boolean repeatable() {
		return false;
	}

	@Override
	public String toString() {
		return "RequestBody[" + this.bytes.length + " bytes]";
	}

}
