package io.aki.sample.assistant;

import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.annotation.ToolParam;
import org.springframework.stereotype.Component;

/**
 * The tools of the assistant. A model decides from the names and descriptions when to
 * call a tool.
 */
@Component
class AssistantTools {

	private static final List<String> SKIES = List.of("sunny", "cloudy", "rainy");

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm 'on' EEEE, d MMMM yyyy",
			Locale.ENGLISH);

	/**
	 * Return an invented value, because this sample calls no weather service.
	 */
	// tag::tool[]
	@Tool(description = "Returns the current weather in a city")
	String weather(@ToolParam(description = "The name of the city") String city) {
		int hash = city.toLowerCase(Locale.ROOT).hashCode();
		String sky = SKIES.get(Math.floorMod(hash, SKIES.size()));
		return "%s: %d °C and %s (an invented value)".formatted(city, Math.floorMod(hash, 30), sky);
	}
	// end::tool[]

	@Tool(description = "Returns the current time and date in a time zone")
	String time(@ToolParam(description = "The time zone or its city, such as Europe/Berlin or Berlin") String zone) {
		ZoneId id = zoneOf(zone);
		return "It is " + TIME.format(ZonedDateTime.now(id)) + " in the time zone " + id;
	}

	private static ZoneId zoneOf(String zone) {
		String city = "/" + zone.strip().toLowerCase(Locale.ROOT).replace(' ', '_');
		return ZoneId.getAvailableZoneIds()
			.stream()
			.filter((id) -> ("/" + id.toLowerCase(Locale.ROOT)).endsWith(city))
			.sorted()
			.findFirst()
			.map(ZoneId::of)
			.orElseThrow(() -> new IllegalArgumentException("There is no time zone '" + zone + "'"));
	}

}
