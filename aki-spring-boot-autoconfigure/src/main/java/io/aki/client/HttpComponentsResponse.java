package io.aki.client;

import java.io.IOException;
import java.io.InputStream;

import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/**
 * A response of Apache HttpClient 5.
 */
final class HttpComponentsResponse implements ClientHttpResponse {

	private final ClassicHttpResponse response;

	private @Nullable HttpHeaders headers;

	HttpComponentsResponse(ClassicHttpResponse response) {
		this.response = response;
	}

	@Override
	public HttpStatusCode getStatusCode() {
		return HttpStatusCode.valueOf(this.response.getCode());
	}

	@Override
	public String getStatusText() {
		String reason = this.response.getReasonPhrase();
		return (reason != null) ? reason : "";
	}

	@Override
	public HttpHeaders getHeaders() {
		HttpHeaders headers = this.headers;
		if (headers == null) {
			headers = new HttpHeaders();
			for (Header header : this.response.getHeaders()) {
				headers.add(header.getName(), header.getValue());
			}
			tellOfTheBodyAsItIsRead(headers, this.response.getEntity());
			headers = HttpHeaders.readOnlyHttpHeaders(headers);
			this.headers = headers;
		}
		return headers;
	}

	/**
	 * The engine unpacks a packed body, and knows its length and encoding no more.
	 */
	private static void tellOfTheBodyAsItIsRead(HttpHeaders headers, @Nullable HttpEntity entity) {
		if (entity != null && entity.getContentLength() < 0) {
			headers.remove(HttpHeaders.CONTENT_LENGTH);
		}
		if (entity != null && entity.getContentEncoding() == null) {
			headers.remove(HttpHeaders.CONTENT_ENCODING);
		}
	}

	@Override
	public InputStream getBody() throws IOException {
		HttpEntity entity = this.response.getEntity();
		return (entity != null) ? entity.getContent() : InputStream.nullInputStream();
	}

	/**
	 * Give the connection back, after what is left of the body was read.
	 */
	@Override
	public void close() {
		try {
			try {
				EntityUtils.consume(this.response.getEntity());
			}
			finally {
				this.response.close();
			}
		}
		catch (IOException ex) {
			// the connection is not used again
		}
	}

}
