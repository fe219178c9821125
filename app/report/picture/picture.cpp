#include "app/report/picture/picture.hpp"

#include <algorithm>
#include <map>

#include "app/report/text_style.hpp"
#include "app/report/utf8.hpp"

namespace pgpassage::app {
namespace {

constexpr int area_head = 44, block_head = 40, station_height = 38, gap = 8, line_distance = 9, area_gap = 26;
constexpr int name_size = 12, detail_size = 11, most_columns = 32, least_columns = 16, mark_room = 20;
constexpr int page_width = 1112, usual_gutter = 40;  // of the HTML report, beside its margins

/// No monospaced font in use is wider.
int text_width(std::string_view text, int size) { return (display_width(text) * size * 61 + 99) / 100; }

/// Its two ends with an ellipsis between them: names differ in either.
std::string shortened(std::string_view text, int columns) {
  if (display_width(text) <= columns) return std::string{text};
  std::vector<std::string_view> characters;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t length = first_code_point(rest).length;
    characters.push_back(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  std::string head, tail;
  std::size_t from = 0, to = characters.size();
  while (from < to && display_width(head) + display_width(characters[from]) <= columns / 2) head += characters[from++];
  while (from < to && display_width(characters[to - 1]) + display_width(tail) < columns - columns / 2)
    tail.insert(0, characters[--to]);
  return head + "…" + tail;
}

/// A link's vertical piece in one gutter.
struct Track {
  int top = 0, bottom = 0;
  int lane = 0;
};

class Layout {
 public:
  explicit Layout(const Scene& scene) : scene_{scene} {}

  Picture build() {
    measure();
    pile_up();
    assign_lanes();
    place();
    draw_links();
    return std::move(picture_);
  }

 private:
  struct Placed {
    std::size_t column = 0;
    int y = 0, height = 0, x = 0;
    std::map<std::string, int, std::less<>> stations;  ///< middle of each, from the area's top
  };

  static int height_of(const Block& block) {
    const int head = block.name.empty() ? 0 : block_head;
    return head + static_cast<int>(block.stations.size()) * station_height + (block.name.empty() ? 0 : gap / 2);
  }

  void measure() {
    int columns = least_columns;
    const auto regard = [&](const std::string& text) { columns = std::max(columns, display_width(printable(text))); };
    std::map<std::pair<std::size_t, std::string>, int> stops_at;
    for (const Area& area : scene_.areas) {
      regard(area.name), regard(area.detail);
      for (const Block& block : area.blocks) {
        regard(block.name), regard(block.detail);
        for (const Station& station : block.stations) regard(station.name), regard(station.detail);
      }
    }
    columns_ = std::min(columns, most_columns);
    int most_stops = 0;
    for (const Link& link : scene_.links)
      for (const auto& [port, number] : link.stops)
        most_stops = std::max(most_stops, ++stops_at[{link.ports[port].area, link.ports[port].station}]);
    rail_ = 12 + mark_room * most_stops;
    width_ = rail_ + columns_ * name_size * 61 / 100 + 5 * gap;
  }

  /// Each area below the shortest column; in the order of the scene.
  void pile_up() {
    const std::size_t count = scene_.areas.size();
    const int fit = std::clamp(page_width / (width_ + usual_gutter), 1, count <= 9 ? 3 : 4);
    const std::size_t columns = std::min(count, static_cast<std::size_t>(fit));
    heights_.assign(std::max<std::size_t>(columns, 1), 0);
    for (const Area& area : scene_.areas) {
      Placed placed;
      int y = area_head;
      for (const Block& block : area.blocks) {
        int station_y = y + (block.name.empty() ? 0 : block_head);
        for (const Station& station : block.stations) {
          placed.stations.emplace(station.name, station_y + station_height / 2);
          station_y += station_height;
        }
        y += height_of(block) + gap;
      }
      placed.height = y;
      const auto shortest = std::ranges::min_element(heights_);
      placed.column = static_cast<std::size_t>(shortest - heights_.begin());
      placed.y = *shortest;
      *shortest += placed.height + area_gap;
      placed_.push_back(std::move(placed));
    }
  }

  /// Where a link leaves an area; from the top of the areas. Lines to one station keep a distance.
  int port_y(std::size_t link, std::size_t port) const {
    const Port& end = scene_.links[link].ports[port];
    const Placed& placed = placed_[end.area];
    const auto station = placed.stations.find(end.station);
    if (end.station.empty()) return placed.y + 8 + 7 * (order_at(link, end.area) % 5);
    if (scene_.links[link].kind != Link::Kind::flow) return placed.y + station->second + station_height / 2 - 6;
    const auto& users = flows_at_.at({end.area, end.station});
    const auto own = std::ranges::find(users, std::pair{link, port});
    const int count = static_cast<int>(users.size());
    const int distance = std::min(line_distance, (station_height - 12) / std::max(count, 1));
    return placed.y + station->second + (2 * static_cast<int>(own - users.begin()) - count + 1) * distance / 2 - 2;
  }

  /// How many links before this one end at the area itself.
  int order_at(std::size_t link, std::size_t area) const {
    const auto& all = lines_at_.at(area);
    return static_cast<int>(std::ranges::find(all, link) - all.begin());
  }

  void assign_lanes() {
    for (std::size_t link = 0; link < scene_.links.size(); ++link)
      for (const Port& port : scene_.links[link].ports)
        if (port.station.empty()) lines_at_[port.area].push_back(link);
    for (std::size_t link = 0; link < scene_.links.size(); ++link)
      if (scene_.links[link].kind == Link::Kind::flow)
        for (std::size_t port = 0; port < scene_.links[link].ports.size(); ++port) {
          const Port& end = scene_.links[link].ports[port];
          flows_at_[{end.area, end.station}].emplace_back(link, port);
        }
    tracks_.resize(heights_.size());
    for (std::size_t link = 0; link < scene_.links.size(); ++link) add_tracks(link);
    int most_lanes = 0;
    for (auto& tracks : tracks_) {
      std::vector<std::vector<const Track*>> lanes;
      for (auto& [link, track] : tracks) {
        const auto free = std::ranges::find_if(lanes, [&, &own = track](const auto& taken) {
          return std::ranges::all_of(taken, [&](const Track* other) {
            return own.bottom + line_distance < other->top || other->bottom + line_distance < own.top;
          });
        });
        track.lane = static_cast<int>(free - lanes.begin());
        if (free == lanes.end()) lanes.emplace_back();
        lanes[static_cast<std::size_t>(track.lane)].push_back(&track);
      }
      lanes_.push_back(static_cast<int>(lanes.size()));
      most_lanes = std::max(most_lanes, lanes_.back());
    }
  }

  void add_tracks(std::size_t index) {
    const Link& link = scene_.links[index];
    std::map<std::size_t, Track> own;
    for (std::size_t port = 0; port < link.ports.size(); ++port) {
      const int y = port_y(index, port);
      const auto [track, first] = own.try_emplace(placed_[link.ports[port].area].column, Track{y, y, 0});
      if (first) continue;
      track->second.top = std::min(track->second.top, y);
      track->second.bottom = std::max(track->second.bottom, y);
    }
    if (own.size() > 1) {
      for (auto& [column, track] : own) track.top = -1;  // up to the channel above all areas
      channel_.emplace(index, static_cast<int>(channel_.size()));
    }
    for (const auto& [column, track] : own) tracks_[column].emplace(index, track);
  }

  void place() {
    top_ = 10 + static_cast<int>(channel_.size()) * line_distance + 8;
    int x = 0;
    for (const int lanes : lanes_) {
      x += 14 + lanes * line_distance;
      lefts_.push_back(x);
      x += width_ + 4;
    }
    picture_.width = x + 8;
    picture_.height = top_ + *std::ranges::max_element(heights_);
    for (std::size_t i = 0; i < scene_.areas.size(); ++i) place_area(scene_.areas[i], placed_[i]);
  }

  void add_label(int x, int middle, std::string_view text, int size, std::string_view style) {
    const std::string full = printable(text);
    const std::string shown = shortened(full, columns_ * name_size / size);
    picture_.labels.push_back(
        {{x, middle - size * 13 / 20, text_width(shown, size), size * 13 / 10}, shown, full, style});
  }

  void place_area(const Area& area, Placed& placed) {
    constexpr std::string_view styles[] = {"area-internet", "area-site", "area-network"};
    placed.x = lefts_[placed.column];
    placed.y += top_;
    picture_.frames.push_back(
        {{placed.x, placed.y, width_, placed.height}, styles[static_cast<std::size_t>(area.kind)]});
    add_label(placed.x + rail_, placed.y + 14, area.name, name_size, "name");
    add_label(placed.x + rail_, placed.y + 31, area.detail, detail_size, "detail");
    int y = placed.y + area_head;
    for (const Block& block : area.blocks) {
      place_block(block, placed.x + rail_, y);
      y += height_of(block) + gap;
    }
  }

  void place_block(const Block& block, int x, int y) {
    const int height = height_of(block);
    if (!block.name.empty()) {
      picture_.frames.push_back({{x, y, width_ - rail_ - gap, height}, "block"});
      add_label(x + gap, y + 12, block.name, name_size, "block-name");
      add_label(x + gap, y + 29, block.detail, detail_size, "detail");
    }
    int station_y = y + (block.name.empty() ? 0 : block_head);
    for (const Station& station : block.stations) {
      picture_.frames.push_back({{x + gap / 2, station_y, width_ - rail_ - 2 * gap, station_height - 4}, "station"});
      add_label(x + gap + 2, station_y + 10, station.name, name_size, "name");
      add_label(x + gap + 2, station_y + 25, station.detail, detail_size, "detail");
      station_y += station_height;
    }
  }

  int lane_x(std::size_t column, std::size_t link) const {
    return lefts_[column] - 8 - tracks_[column].at(link).lane * line_distance;
  }

  /// How far into the area a line goes: to the station's left edge, or just to the area's.
  int inner_x(const Port& port) const { return placed_[port.area].x + (port.station.empty() ? 0 : rail_ + gap / 2); }

  static std::string style_of(const Link& link) {
    switch (link.kind) {
      case Link::Kind::peering: return "peering";
      case Link::Kind::broken_peering: return "broken";
      case Link::Kind::connection: return "connection";
      case Link::Kind::broken_connection: return "broken";
      case Link::Kind::flow: break;
    }
    return std::string{"flow-"} + to_string(link.predicted);
  }

  void draw_links() {
    for (std::size_t i = 0; i < scene_.links.size(); ++i) draw(i);
  }

  void draw(std::size_t index) {
    const Link& link = scene_.links[index];
    Line line{{}, style_of(link), link.begins, link.arrives, {}, {}};
    const auto channel = channel_.find(index);
    const int channel_y = channel == channel_.end() ? 0 : 10 + channel->second * line_distance;
    int leftmost = picture_.width, rightmost = 0;
    for (std::size_t column = 0; column < tracks_.size(); ++column) {
      const auto track = tracks_[column].find(index);
      if (track == tracks_[column].end()) continue;
      const int x = lane_x(column, index);
      leftmost = std::min(leftmost, x), rightmost = std::max(rightmost, x);
      const int top = channel == channel_.end() ? track->second.top + top_ : channel_y;
      line.pieces.push_back({{x, top}, {x, track->second.bottom + top_}});
    }
    if (channel != channel_.end()) line.pieces.push_back({{leftmost, channel_y}, {rightmost, channel_y}});
    for (std::size_t port = 0; port < link.ports.size(); ++port) draw_port(index, port, line);
    picture_.lines.push_back(std::move(line));
  }

  void draw_port(std::size_t index, std::size_t port, Line& line) {
    const Link& link = scene_.links[index];
    const Port& end = link.ports[port];
    const Placed& placed = placed_[end.area];
    const int y = port_y(index, port);  // `placed.y` counts from the picture's top by now
    const Point inside{inner_x(end), y};
    line.pieces.push_back({{lane_x(placed.column, index), y}, inside});
    (port == 0 ? line.start : line.end) = inside;
    for (const auto& [at, number] : link.stops) {
      if (at != port) continue;
      const int before = marks_at_[{end.area, end.station}]++;
      picture_.marks.push_back({{placed.x + rail_ - mark_room / 2 - 2 - before * mark_room, y}, number});
    }
  }

  const Scene& scene_;
  Picture picture_;
  int columns_ = 0, rail_ = 0, width_ = 0, top_ = 0;
  std::vector<int> heights_;                          ///< of each column so far
  std::vector<Placed> placed_;                        ///< by area
  std::vector<std::map<std::size_t, Track>> tracks_;  ///< by column, then by link
  std::map<std::size_t, int> channel_;                ///< line above all areas, by link
  std::vector<int> lanes_, lefts_;                    ///< by column: lanes of its gutter, left edge of its areas
  std::map<std::size_t, std::vector<std::size_t>> lines_at_;  ///< links that end at an area itself
  std::map<std::pair<std::size_t, std::string>, std::vector<std::pair<std::size_t, std::size_t>>> flows_at_;
  std::map<std::pair<std::size_t, std::string>, int> marks_at_;  ///< by area and station, as flows_at_
};

}  // namespace

Picture picture_of(const Scene& scene) { return scene.areas.empty() ? Picture{} : Layout{scene}.build(); }

}  // namespace pgpassage::app
