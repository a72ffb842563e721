package io.aki.client;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.AbstractClientHttpRequest;
import org.springframework.util.FastByteArrayOutputStream;

/**
 * A request whose body is given as bytes, or as what writes them.
 */
abstract class EngineRequest extends AbstractClientHttpRequest implements StreamingHttpOutputMessage {

	private final URI uri;

	private final HttpMethod method;

	private @Nullable Body body;

	private @Nullable FastByteArrayOutputStream written;

	EngineRequest(URI uri, HttpMethod method) {
		this.uri = uri;
		this.method = method;
	}

	@Override
	public final URI getURI() {
		return this.uri;
	}

	@Override
	public final HttpMethod getMethod() {
		return this.method;
	}

	@Override
	public final void setBody(Body body) {
		assertNotExecuted();
		this.body = body;
	}

	@Override
	protected final OutputStream getBodyInternal(HttpHeaders headers) {
		if (this.written == null) {
			this.written = new FastByteArrayOutputStream();
		}
		return this.written;
	}

	/**
	 * Return the body's bytes; those of our own requests are not copied.
	 * @return the bytes, or {@code null} if there is no body
	 */
	final byte @Nullable [] bytes() throws IOException {
		FastByteArrayOutputStream written = this.written;
		if (written != null) {
			return written.toByteArrayUnsafe();
		}
		Body body = this.body;
		if (body == null) {
			return null;
		}
		if (body instanceof RequestBody json) {
			return json.bytes();
		}
		FastByteArrayOutputStream bytes = new FastByteArrayOutputStream();
		body.writeTo(bytes);
		return bytes.toByteArrayUnsafe();
	}

}
