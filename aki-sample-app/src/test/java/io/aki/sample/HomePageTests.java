package io.aki.sample;

import java.net.http.HttpResponse;

import org.junit.jupiter.api.Test;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

@SampleTest
class HomePageTests {

	private final SampleClient sample;

	HomePageTests(@LocalServerPort int port) {
		this.sample = new SampleClient(port);
	}

	@Test
	void saysThatTheEmulatorAnswers() {
		HttpResponse<String> page = this.sample.get("/");
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.body()).contains("This is the emulator", "llama3_8b_chat");
	}

	@Test
	void findsItsParts() {
		String page = this.sample.get("/").body();
		assertThat(page).contains("chat.js");
		page.lines()
			.filter((line) -> line.contains("rel=\"stylesheet\"") || line.contains("<script"))
			.map((line) -> line.replaceAll(".*(?:href|src)=\"([^\"]+)\".*", "$1"))
			.forEach((part) -> assertThat(this.sample.get(part).statusCode()).as(part).isEqualTo(200));
		assertThat(page).contains("/webjars/", "sample.css");
	}

}
