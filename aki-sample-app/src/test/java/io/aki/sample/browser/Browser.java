package io.aki.sample.browser;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.stream.Stream;

import org.openqa.selenium.By;
import org.openqa.selenium.NoAlertPresentException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

import org.springframework.core.io.ClassPathResource;

/**
 * Controls a real Chromium in headless mode.
 */
final class Browser implements AutoCloseable {

	private static final String AXE = "META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

	private final ChromeDriver driver;

	private final String base;

	private Browser(ChromeDriver driver, int port) {
		this.driver = driver;
		this.base = "http://127.0.0.1:" + port;
	}

	/**
	 * Start the browser.
	 * @return the browser; empty if none is installed
	 */
	static Optional<Browser> start(int port) {
		Optional<Path> binary = first("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
		Optional<Path> driver = first("/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver");
		if (binary.isEmpty() || driver.isEmpty()) {
			return Optional.empty();
		}
		ChromeOptions options = new ChromeOptions();
		options.setBinary(binary.get().toFile());
		options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--disable-dev-shm-usage", "--force-prefers-reduced-motion", "--window-size=1280,900");
		return Optional.of(new Browser(
				new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(driver.get().toFile()).build(),
						options),
				port));
	}

	private static Optional<Path> first(String... paths) {
		return Stream.of(paths).map(Path::of).filter(Files::isExecutable).findFirst();
	}

	void open(String path) {
		load(this.base + path);
	}

	/**
	 * Open a page of another server.
	 */
	void openAt(int port, String path) {
		openAt("127.0.0.1", port, path);
	}

	void openAt(String host, int port, String path) {
		load("http://" + host + ":" + port + path);
	}

	/**
	 * Load a page with its scripts. On a busy machine the driver sometimes returns when
	 * the old page is still shown, or when the new page has not loaded its modules yet,
	 * so that a click would have no effect.
	 */
	private void load(String url) {
		script("window.isOldPage = true");
		this.driver.get(url);
		awaitScript("return !window.isOldPage && document.readyState === 'complete'");
	}

	/**
	 * Begin a new browser session.
	 */
	void forgetCookies() {
		this.driver.manage().deleteAllCookies();
	}

	WebElement find(String selector) {
		return this.driver.findElement(By.cssSelector(selector));
	}

	List<WebElement> all(String selector) {
		return this.driver.findElements(By.cssSelector(selector));
	}

	void type(String selector, String text) {
		WebElement element = find(selector);
		element.clear();
		element.sendKeys(text);
	}

	void click(String selector) {
		wait("clicked: " + selector, () -> {
			WebElement element = all(selector).stream().filter(WebElement::isDisplayed).findFirst().orElse(null);
			if (element != null) {
				element.click();
			}
			return element;
		});
	}

	/**
	 * Press the mouse button on an element, and keep it pressed.
	 */
	void press(String selector) {
		wait("pressed: " + selector, () -> {
			new Actions(this.driver).clickAndHold(find(selector)).perform();
			return true;
		});
	}

	void letGo() {
		new Actions(this.driver).release().perform();
	}

	/**
	 * Wait until an element is shown.
	 */
	WebElement await(String selector) {
		return wait("shown: " + selector,
				() -> all(selector).stream().filter(WebElement::isDisplayed).findFirst().orElse(null));
	}

	/**
	 * Wait until the visible text of an element contains a text.
	 */
	void awaitText(String selector, String text) {
		wait("'" + text + "' in " + selector,
				() -> all(selector).stream().anyMatch((element) -> element.getText().contains(text)) ? true : null);
	}

	/**
	 * Wait until a script returns a value that is true.
	 */
	void awaitScript(String script) {
		wait(script, () -> Boolean.TRUE.equals(script(script)) ? true : null);
	}

	void awaitGone(String selector) {
		wait("gone: " + selector, () -> all(selector).stream().noneMatch(WebElement::isDisplayed) ? true : null);
	}

	private <T> T wait(String what, Supplier<T> condition) {
		return new WebDriverWait(this.driver, Duration.ofSeconds(20))
			.ignoreAll(List.of(StaleElementReferenceException.class, NoAlertPresentException.class))
			.withMessage(() -> what + "; the page: " + find("body").getText() + "; the console: "
					+ this.driver.manage().logs().get(LogType.BROWSER).getAll())
			.until((driver) -> condition.get());
	}

	void dark(boolean dark) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
	}

	void phone(boolean phone) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride", Map.of("width", phone ? 390 : 1280,
				"height", phone ? 844 : 900, "deviceScaleFactor", 1, "mobile", phone));
	}

	void width(int width) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
	}

	/**
	 * Open another tab, which becomes the visible one, with a script for each page.
	 */
	void openTab(String path, String script) {
		this.driver.switchTo().newWindow(WindowType.TAB);
		beforeEachPage(script);
		open(path);
	}

	void closeOtherTabs() {
		List<String> tabs = List.copyOf(this.driver.getWindowHandles());
		tabs.subList(1, tabs.size()).forEach((tab) -> {
			this.driver.switchTo().window(tab);
			this.driver.close();
		});
		this.driver.switchTo().window(tabs.get(0));
	}

	/**
	 * Run a script in each page before its own scripts.
	 */
	void beforeEachPage(String script) {
		this.driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
	}

	void press(CharSequence... keys) {
		new Actions(this.driver).sendKeys(keys).perform();
	}

	void acceptDialog() {
		wait("a dialog", () -> {
			this.driver.switchTo().alert().accept();
			return true;
		});
	}

	/**
	 * Wait until a script returns {@code true}.
	 */
	void awaitTrue(String script) {
		wait(script, () -> Boolean.TRUE.equals(script("return " + script)) ? true : null);
	}

	/**
	 * Return the errors in the console since the last call.
	 */
	List<String> errors() {
		return this.driver.manage()
			.logs()
			.get(LogType.BROWSER)
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
			.map(Object::toString)
			.toList();
	}

	void size(int width, int height) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
	}

	/**
	 * Use a touch screen instead of a mouse.
	 */
	void touch(boolean touch) {
		this.driver.executeCdpCommand("Emulation.setTouchEmulationEnabled",
				Map.of("enabled", touch, "maxTouchPoints", 1));
	}

	/**
	 * Press keys where the focus is.
	 */
	void pressKeys(CharSequence... keys) {
		this.driver.switchTo().activeElement().sendKeys(keys);
	}

	/**
	 * Return the errors in the console since the last call, except those about responses
	 * with an error status.
	 */
	List<String> consoleErrors() {
		return this.driver.manage()
			.logs()
			.get(LogType.BROWSER)
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().equals(Level.SEVERE))
			.map(LogEntry::getMessage)
			.filter((message) -> !message.contains("the server responded with a status of"))
			.toList();
	}

	void screenshot(Path file) throws IOException {
		Files.createDirectories(file.getParent());
		Files.write(file, this.driver.getScreenshotAs(OutputType.BYTES));
	}

	Object script(String script, Object... arguments) {
		return this.driver.executeScript(script, arguments);
	}

	/**
	 * Execute a script, and wait until it calls its last argument.
	 * @return the value that the script passes to its last argument
	 */
	Object asyncScript(String script, Object... arguments) {
		return this.driver.executeAsyncScript(script, arguments);
	}

	/**
	 * Check the accessibility of the page with axe-core.
	 * @return the violations; empty if there are none
	 */
	List<?> axe() throws IOException {
		try (InputStream source = new ClassPathResource(AXE).getInputStream()) {
			this.driver.executeScript(new String(source.readAllBytes(), StandardCharsets.UTF_8));
		}
		return (List<?>) this.driver.executeAsyncScript(
				"""
						const done = arguments[arguments.length - 1]
						axe.run(document, {resultTypes: ['violations']}).then(
							(results) => done(results.violations.map((violation) => violation.id + ': ' + violation.help + ' '
								+ violation.nodes.map((node) => node.html.slice(0, 160) + ' ' + node.failureSummary).join(' | '))),
							(error) => done([String(error)]))""");
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
