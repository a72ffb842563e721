package io.aki.client;

import java.io.IOException;
import java.io.OutputStream;

import org.springframework.http.StreamingHttpOutputMessage;

/**
 * A request's bytes. They hold the API key, so that its {@link #toString()} tells only
 * their number.
 *
 * @param bytes the JSON
 */
record RequestBody(byte[] bytes) implements StreamingHttpOutputMessage.Body {

	@Override
	public void writeTo(OutputStream stream) throws IOException {
		stream.write(this.bytes);
	}

	@Override
	public boolean repeatable() {
		return true;
	}

	@Override
	public String toString() {
		return "RequestBody[" + this.bytes.length + " bytes]";
	}

}
